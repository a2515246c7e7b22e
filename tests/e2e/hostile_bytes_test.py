"""A console that attacks whoever looks at it."""

import json
import random
import shutil
import subprocess
import unittest

from lab.case import Scenario
from lab.collector import Collector, lastgasp
from lab.console_peer import ConsolePeer
from lab.net import http

TITLE = b"\x1b]0;owned\x07"
CLEAR = b"\x1b[2J\x1b[H"
SCRIPT = b"<script>alert(1)</script>"


class HostileBytes(Scenario):
    def setUp(self):
        super().setUp()
        self.peer = ConsolePeer(self)
        self.collector = Collector(self, {"consoles": [
            {"name": "r1", "endpoint": self.peer.endpoint, "labels": {"pop": 'a"m\\s'}}]})
        self.peer.wait_connected()

    def say_everything(self):
        noise = random.Random(11520)
        for attack in (
                b"plain before\r\n",
                b"title " + TITLE + b" clear " + CLEAR + b" c1 \x9b31m \x9d0;x\x9c end\r\n",
                b"nul \0\0 in \xff\xfe\xc3( the middle\r\n",
                b"tag " + SCRIPT + b" \"quoted\" & more\r\n",
                b"right to left \xe2\x80\xae evil\r\n",
                b"unended \x1b]8;;http://example.net/ " + b"o" * 9000 + b"\r\n",
                b"long " + b"x" * 1_000_000 + b"\r\n",
                noise.randbytes(200_000) + b"\x18\r\n\x1b\\\x07\r\n",
                b"Kernel panic - not syncing: " + TITLE + SCRIPT + b" \xff\x00" + CLEAR + b"\r\n",
                b"---[ end Kernel panic - not syncing: x ]---\r\n",
                b"plain after\r\n"):
            self.peer.say(attack)
        self.eventually(lambda: self.collector.hits("plain after"), 20)

    def assert_harmless(self, output, told):
        text = output.decode("utf-8")  # raises when it is not
        for character in text:
            code = ord(character)
            self.assertTrue(character in "\n\t" or 32 <= code < 127 or code >= 160,
                            f"{told} lets {character!r} through")
        self.assertNotIn("\u202e", text, told)

    def test_nothing_raw_reaches_a_terminal_a_page_or_a_scrape(self):
        self.say_everything()
        incident = self.collector.wait_incident("panic")
        data = ("--data", self.collector.data)
        for command in (["search", ".", "--regex", "--limit", "5000"],
                        ["search", "plain", "--output", "json", "-C", "3"],
                        ["tail", "r1", "-n", "5000"],
                        ["incidents"], ["incidents", "show", incident["id"]],
                        ["incidents", "export", incident["id"]],
                        ["consoles"]):
            done = lastgasp(*command, *data)
            self.assert_harmless(done.stdout, " ".join(map(str, command)))
            self.assert_harmless(done.stderr, " ".join(map(str, command)))
        self.assert_harmless(self.collector.process.log().encode(), "its own log")

        status, page = http(self.collector.url + "/")
        self.assertEqual(status, 200)
        self.assertNotIn(SCRIPT, page)
        for path in ("/api/v1/incidents", "/api/v1/consoles",
                     f"/api/v1/incidents/{incident['id']}"):
            status, body = http(self.collector.url + path)
            self.assertEqual(status, 200, path)
            json.loads(body.decode("utf-8"))
        self.scrape_is_clean()

    def scrape_is_clean(self):
        status, text = http(self.collector.url + "/metrics")
        self.assertEqual(status, 200)
        self.assertNotIn(b"owned", text)
        promtool = shutil.which("promtool")
        if promtool:
            check = subprocess.run([promtool, "check", "metrics"], input=text, timeout=30,
                                   capture_output=True)
            self.assertEqual(check.returncode, 0, check.stdout + check.stderr)

    def test_a_line_of_a_megabyte_is_cut_and_kept(self):
        self.peer.say(b"begin " + b"y" * 1_000_000 + b" end\r\nafter it\r\n")
        self.eventually(lambda: self.collector.hits("after it"), 20)
        self.assertEqual(
            self.collector.metric("console_received_bytes_total", console="r1"), 1_000_022)
        self.assertEqual(self.collector.metric("console_lost_bytes_total", console="r1"), 0)
        kept = sum(text.count("y") for text in self.collector.hits("yyyyy", "--limit", "1000"))
        self.assertEqual(kept, 1_000_000)


if __name__ == "__main__":
    unittest.main()
