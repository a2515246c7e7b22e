"""People say of an incident that they look after it, and what they found; it outlives a restart."""

import json
import unittest
import urllib.error
import urllib.parse
import urllib.request

from lab.case import Scenario
from lab.collector import FOUND, NOTHING, Collector, lastgasp
from lab.console_peer import ConsolePeer

CRASH = (b"[  5.1] Kernel panic - not syncing: Fatal exception\r\n"
         b"[  5.3] ---[ end Kernel panic - not syncing: Fatal exception ]---\r\n")
HOSTILE = "<script>alert(1)</script>"
USAGE = 2


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def post(url, data, **headers):
    """(status, Location or body)"""
    request = urllib.request.Request(url, method="POST", data=data, headers=headers)
    try:
        with urllib.request.build_opener(NoRedirect).open(request, timeout=30) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers.get("Location") or error.read()


def form(**fields):
    return urllib.parse.urlencode(fields).encode()


class Acknowledge(Scenario):
    def setUp(self):
        super().setUp()
        router = ConsolePeer(self)
        self.collector = Collector(self, {"consoles": [{"name": "r1", "endpoint": router.endpoint}]})
        router.wait_connected().say(CRASH)
        self.id = self.collector.wait_incident("panic")["id"]

    def address(self, what):
        return f"{self.collector.url}/api/v1/incidents/{self.id}/{what}"

    def incident(self):
        return self.collector.get(f"/api/v1/incidents/{self.id}")["incident"]

    def page(self):
        with urllib.request.urlopen(f"{self.collector.url}/incidents/{self.id}", timeout=30) as page:
            return page.read().decode()

    def test_it_is_kept_and_shown(self):
        self.assertIsNone(self.incident()["acknowledged"])
        status, told = post(self.address("acknowledge"), json.dumps({"by": "ann"}).encode(),
                            **{"Content-Type": "application/json"})
        self.assertEqual((status, json.loads(told)["acknowledged"]["by"]), (200, "ann"))
        browser = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"}
        self.assertEqual(post(self.address("notes"), form(by="bob", text=HOSTILE), **browser),
                         (303, f"/incidents/{self.id}"))

        self.collector.stop()
        self.collector.start()
        incident = self.incident()
        self.assertEqual(incident["acknowledged"]["by"], "ann")
        self.assertEqual([(n["by"], n["text"], n["acknowledges"]) for n in incident["notes"]],
                         [("ann", "", True), ("bob", HOSTILE, False)])
        listed = self.collector.get("/api/v1/incidents")["incidents"]
        self.assertEqual([i["acknowledged"]["by"] for i in listed], ["ann"])
        page = self.page()
        self.assertIn("ann acknowledged", page)
        self.assertIn("bob: &lt;script&gt;", page)
        self.assertNotIn(HOSTILE, page)

    def say(self, *words):
        """(exit status, output, errors) of a command that the running collector is asked for."""
        done = lastgasp("incidents", *words, "--config", self.collector.config_path, check=False)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def test_the_command_line_says_it_to_the_running_collector(self):
        self.assertEqual(self.say("ack", self.id, "--by", "ann", "--note", "on my way"),
                         (FOUND, f"incident {self.id}: ann acknowledged it\n", ""))
        self.assertEqual(self.say("note", self.id, "fan \x1b[31mdead", "--by", "bob")[0], FOUND)
        self.assertEqual(self.incident()["acknowledged"]["text"], "on my way")

        status, told, _ = self.say()
        self.assertEqual(status, FOUND)
        self.assertIn("[ann looks after it]", told)
        status, told, _ = self.say("show", self.id)
        self.assertRegex(told, r"acknowledged .*Z  ann: on my way\n")
        self.assertRegex(told, r"note .*Z  bob: fan .*dead\n")
        self.assertNotIn("\x1b", told)
        for words in (("--output", "jsonl"), ("show", self.id, "--output", "json"),
                      ("export", self.id)):
            told = json.loads(self.say(*words)[1])
            self.assertEqual((told["acknowledged"]["by"], len(told["notes"])), ("ann", 2), words)

    def test_the_command_line_says_why_it_cannot(self):
        self.assertEqual(self.say("ack", "999", "--by", "ann")[0], NOTHING)
        status, _, told = self.say("ack", self.id, "--by", "")
        self.assertEqual(status, USAGE)
        self.assertIn("--by NAME", told)
        status, _, told = self.say("note", self.id, "x" * 5000, "--by", "ann")
        self.assertEqual(status, USAGE)
        self.assertIn("text: longer than 4096 bytes", told)
        self.collector.stop()
        status, _, told = self.say("ack", self.id, "--by", "ann")
        self.assertEqual(status, USAGE)
        self.assertIn(f"{self.collector.url} does not answer", told)
        self.assertIn("it must run", told)

    def test_what_cannot_be_is_refused(self):
        text = {"Content-Type": "application/x-www-form-urlencoded"}
        elsewhere = {**text, "Sec-Fetch-Site": "cross-site"}
        for status, data, headers in ((400, form(text="who am I"), text),
                                      (400, form(by="ann"), text),
                                      (400, form(by="ann", text="x" * 5000), text),
                                      (415, b"by=ann&text=x", {"Content-Type": "text/plain"}),
                                      (403, form(by="ann", text="x"), elsewhere)):
            with self.subTest(status=status, data=data[:30]):
                self.assertEqual(post(self.address("notes"), data, **headers)[0], status)
        self.assertEqual(post(self.address("notes").replace(f"/{self.id}/", "/999/"),
                              form(by="ann", text="x"), **text)[0], 404)
        self.assertEqual(self.incident()["notes"], [])


if __name__ == "__main__":
    unittest.main()
