"""Secrets on a console reach neither the transcript nor anything made of it."""

import sqlite3
import unittest

from lab.case import Scenario
from lab.collector import FOUND, NOTHING, Collector, lastgasp
from lab.console_peer import ConsolePeer
from lab.monitoring import Alertmanager
from lab.net import http

SECRETS = ("hunter2", "0822455D0A16", "MIIEowIBAAKCAQEA", "s3cr3t")
SPOKEN = ("r1(config)#enable secret hunter2\r\nusername noc password 7 0822455D0A16\r\n"
          "-----BEGIN RSA PRIVATE KEY-----\r\nMIIEowIBAAKCAQEA\r\n-----END RSA PRIVATE KEY-----\r\n")
CRASH = ("[  5.1] Kernel panic - not syncing: Fatal exception in token=s3cr3t\r\n"
         "[  5.2] CPU: 0 PID: 1 Comm: init cmdline: password=s3cr3t\r\n"
         "[  5.3] ---[ end Kernel panic - not syncing: Fatal exception ]---\r\n")

OURS = """redaction: ours
rules:
  - id: ours.pin
    keywords: [pin code]
    match: 'pin code (?P<secret>\\d+)'
    samples: [['pin code 12', 'pin code **']]
"""


class Redaction(Scenario):
    def setUp(self):
        super().setUp()
        self.router = ConsolePeer(self)

    def config(self, **more):
        return {"consoles": [{"name": "r1", "endpoint": self.router.endpoint, **more}]}

    def assert_hidden(self, text, where):
        for secret in SECRETS:
            self.assertNotIn(secret, text, where)

    def stored(self, collector):
        """All that a person can get out of the store."""
        data = ["--data", collector.data]
        return "".join(lastgasp(*command, *data).stdout.decode() for command in (
            ["search", "-e", ".", "--limit", "1000"], ["tail", "r1", "-n", "1000"],
            ["incidents", "show", "1"], ["incidents", "export", "1"],
            ["db", "export", "--raw", "--console", "r1"]))

    def test_nothing_that_is_kept_or_sent_holds_a_secret(self):
        alertmanager = Alertmanager(self)
        collector = Collector(self, {**self.config(), "alertmanagers": [alertmanager.url]})
        self.router.wait_connected().say(SPOKEN)
        for character in "r1(config)#snmp-server community s3cr3t RW":
            self.router.say(character)  # as it is echoed while somebody types
        self.router.say("\r\nPassword: ")
        self.eventually(lambda: collector.hits("Password: "), 20, "the prompt, which is no secret")
        self.router.say("hunter2\r\n" + CRASH)
        collector.wait_incident("panic")
        self.eventually(lambda: collector.hits("end Kernel panic"), 20, "the last line")
        self.assertEqual(collector.hits("enable secret"), ["r1(config)#enable secret *******"])
        self.assertEqual(collector.hits("snmp-server"),
                         ["r1(config)#snmp-server community ****** RW"])
        alerts = self.eventually(alertmanager.alerts, 30, "the alert")
        self.assert_hidden(str(alerts), "alerts")
        self.assertIn("token=******", str(alerts))
        shown = self.stored(collector)
        self.assertIn("token=******", shown)
        self.assert_hidden(shown, "the command line")
        self.assertGreaterEqual(collector.metric("console_redactions_total"), 7)
        for path in ("/", "/consoles/r1", "/incidents/1", "/search?q=token", "/metrics",
                     "/api/v1/tail?console=r1", "/api/v1/search?q=e", "/api/v1/consoles",
                     "/api/v1/incidents", "/api/v1/incidents/1"):
            status, text = http(collector.url + path)
            self.assertEqual(status, 200, path)
            self.assert_hidden(text.decode(), path)

        collector.stop()  # what is in memory is on disk now
        self.assert_hidden(self.stored(collector), "the command line, the collector dead")
        self.assert_hidden(collector.process.log(), "the log")
        for file in sorted(collector.data.iterdir()):
            if file.is_file():
                self.assert_hidden(file.read_bytes().decode("latin-1"), file)
            if file.suffix == ".db":
                with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as database:
                    rows = database.execute("SELECT name FROM sqlite_master WHERE type='table'")
                    for (table,) in rows.fetchall():
                        text = str(database.execute(f'SELECT * FROM "{table}"').fetchall())
                        self.assert_hidden(text, f"{file}: {table}")

    def test_what_a_console_server_says_before_it_hangs_up_is_masked(self):
        self.router.banner, self.router.busy = b"password for r1 is: hunter2\r\n", True
        collector = Collector(self, self.config())

        def detail():
            return collector.get("/api/v1/consoles")["consoles"][0]["detail"]

        self.eventually(lambda: "is: *******" in detail(), 20, "the banner")
        collector.stop()
        self.assertIn("is: *******", collector.process.log())
        self.assert_hidden(collector.process.log(), "the log")

    def test_it_is_switched_off_and_on_and_extended_by_a_reload(self):
        packs = self.folder / "redaction.d"
        packs.mkdir()
        (packs / "ours.yaml").write_text(OURS)
        collector = Collector(self, self.config(redact=False))
        self.router.wait_connected().say("enable secret hunter2\r\npin code 4711\r\n")
        self.eventually(lambda: collector.hits("enable secret hunter2"), 20, "the secret as it is")

        collector.configure(self.config())
        self.assertEqual(collector.reload()[0], 200)
        self.router.wait_connected(connections=2).say("enable secret hunter3\r\npin code 4712\r\n")
        self.eventually(lambda: collector.hits("pin code 4712"), 20)
        self.assertEqual(collector.hits("hunter3"), [])

        collector.configure({**self.config(), "redaction": {"folder": str(packs)}})
        self.assertEqual(collector.reload()[0], 200)
        self.assertEqual(self.router.connections, 2, "a console that did not change is left alone")
        self.router.say("pin code 4713\r\nthe end\r\n")
        self.eventually(lambda: collector.hits("the end"), 20)
        self.assertEqual(collector.hits("4713"), [])
        self.assertEqual(collector.hits("pin code ****"), ["pin code ****"])

        (packs / "ours.yaml").write_text(OURS.replace("(?P<secret>", "(?P<secrets>"))
        status, text = collector.reload()
        self.assertGreaterEqual(status, 400)
        self.assertIn("ours.yaml:5:", text)
        self.assertIn("masks nothing", text)
        self.assertEqual(lastgasp("check", collector.config_path).returncode, NOTHING)

    def test_what_would_be_masked(self):
        log = self.folder / "router.log"
        log.write_bytes(b"show clock\r\n" + SPOKEN.encode())
        done = lastgasp("rules", "redact", log)
        self.assertEqual(done.returncode, FOUND)
        self.assertEqual(done.stdout.decode().splitlines()[:2],
                         ["line 2  r1(config)#enable secret *******", "    cisco.secret"])
        self.assert_hidden(done.stdout.decode(), "what is shown")
        self.assertEqual(lastgasp("rules", "redact", "show clock").returncode, NOTHING)

    def test_what_is_played_is_masked_as_well(self):
        log = self.folder / "router.log"
        log.write_bytes(CRASH.encode())
        for command in (["scan"], ["scan", "--output", "json"], ["rules", "explain"],
                        ["rules", "suggest"]):
            shown = lastgasp(*command, log, check=False).stdout.decode()
            self.assert_hidden(shown, command)
        self.assertIn("token=******", lastgasp("scan", log).stdout.decode())


if __name__ == "__main__":
    unittest.main()
