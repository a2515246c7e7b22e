"""The API and the command line answer the same: on lines read a second ago, and the command line the
same with the collector dead."""

import json
import unittest
from urllib.parse import urlencode

from lab.case import REPOSITORY, Scenario
from lab.collector import Collector, lastgasp
from lab.console_peer import ConsolePeer
from lab.net import http

DIED = (REPOSITORY / "tests/data/captures/linux-mod-oops-panic.log").read_bytes()

# What is asked of the API, under which key its answer has the rows, and the same as a command.
QUESTIONS = [
    ("search", {"q": "Kernel panic"}, "lines", ["search", "Kernel panic"]),
    ("search", {"q": "oops|panic", "regex": 1, "ignore_case": 1, "limit": 5, "context": 2}, "lines",
     ["search", "-e", "-i", "oops|panic", "-n", "5", "-C", "2"]),
    ("search", {"q": "panic", "and": "not syncing", "order": "oldest", "platform": "linux"},
     "lines", ["search", "panic", "--and", "not syncing", "--oldest-first", "--platform", "linux"]),
    ("search", {"q": "", "incident": 1, "limit": 1000}, "lines",
     ["search", "", "--incident", "1", "-n", "1000"]),
    ("search", {"q": "panic", "console": "core1", "boot": 1}, "lines",
     ["search", "panic", "--console", "core1", "--boot", "1"]),
    ("search", {"q": "panic", "label": "site=f*", "budget": "10s"}, "lines",
     ["search", "panic", "--label", "site=f*", "--budget", "10s"]),
    ("search", {"q": "e", "count_by": "1h"}, "buckets", ["search", "e", "--count-by", "1h"]),
    ("tail", {"console": "core1", "lines": 30}, "lines", ["tail", "core1", "-n", "30"]),
    ("boots", {"console": "c*"}, "boots", ["boots", "c*"]),
    ("diff", {"console": "core1"}, "changes", ["diff", "core1"]),
    ("similar", {"incident": 1}, "similar", ["similar", "1"]),
]


class Api(Scenario):
    def setUp(self):
        super().setUp()
        peers = {name: ConsolePeer(self) for name in ("core1", "edge1")}
        self.collector = Collector(self, {"consoles": [
            {"name": "core1", "endpoint": peers["core1"].endpoint, "labels": {"site": "fra"}},
            {"name": "edge1", "endpoint": peers["edge1"].endpoint}]})
        for name, times in (("core1", 1), ("edge1", 1), ("core1", 2)):
            peers[name].wait_connected().say(
                DIED if times == 1 else DIED.replace(b"\n", b"\nsomething new\r\n", 1))
            self.eventually(
                lambda: len(self.collector.hits("Rebooting in", "--console", name)) == times, 20,
                "the last line")
        self.eventually(lambda: len(self.collector.incidents("panic")) >= 2, 20, "the incidents")

    def answer(self, command):
        done = lastgasp(*command, "--data", self.collector.data, "--output", "jsonl")
        rows = [json.loads(line) for line in done.stdout.decode().splitlines()]
        return [row for row in rows if "cursor" not in row]

    def test_the_same_answers(self):
        commands = {}
        for address, parameters, key, command in QUESTIONS:
            with self.subTest(" ".join(command)):
                found = self.collector.get(f"/api/v1/{address}?{urlencode(parameters)}")
                self.assertIsNotNone(found, "not a 200")
                self.assertTrue(found[key])
                commands[tuple(command)] = self.answer(command)
                self.assertEqual(found[key], commands[tuple(command)])
        self.collector.kill()
        for command, before in commands.items():
            with self.subTest(" ".join(command) + ", dead"):
                self.assertEqual(self.answer(command), before)

    def test_a_line_by_its_name(self):
        [line] = self.collector.search("Rebooting in", "--console", "edge1")
        found = self.collector.get(f"/api/v1/lines/{line['id']}?before=2&after=1")
        self.assertEqual(found["lines"], self.answer(["show", line["id"], "-B", "2", "-A", "1"]))

    def test_what_is_wrong_is_told(self):
        for address, code in (("search?budget=2h", 400), ("search?count_by=x", 400),
                              ("search?incident=99", 400), ("search?boot=1", 400),
                              ("search?incident=1&since=1h", 400), ("search?cursor=x", 400),
                              ("search?nonsense=1", 400), ("diff?console=nope", 404), ("diff", 400),
                              ("similar?incident=99", 404), ("similar", 400), ("lines/x", 404)):
            with self.subTest(address):
                status, body = http(f"{self.collector.url}/api/v1/{address}")
                self.assertEqual(status, code)
                self.assertTrue(json.loads(body)["error"])


if __name__ == "__main__":
    unittest.main()
