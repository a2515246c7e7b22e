"""A line has a name for ever, and a search goes on where it stopped: from the command line, with the
collector alive and dead."""

import json
import re
import unittest

from lab.case import Scenario
from lab.collector import FOUND, NOTHING, Collector, lastgasp
from lab.console_peer import ConsolePeer

LINES = 57


class LineNames(Scenario):
    def setUp(self):
        super().setUp()
        peers = {name: ConsolePeer(self) for name in ("core1", "edge1")}
        self.collector = Collector(self, {"consoles": [
            {"name": name, "endpoint": peer.endpoint} for name, peer in peers.items()]})
        for name, peer in peers.items():
            peer.wait_connected().say(b"".join(  # in few reads: many lines of one time
                f"{name} needle {i}\r\n".encode() for i in range(LINES)))
        self.eventually(lambda: len(self.collector.hits("needle", "-n", "1000")) == 2 * LINES, 20,
                        "all lines")

    def run_command(self, *arguments, expect=FOUND):
        done = lastgasp(*arguments, "--data", self.collector.data)
        self.assertEqual(done.returncode, expect, done.stderr.decode())
        return done

    def page_by_page(self, *options):
        """Ids of all hits, ten at a time, each page asked for with the cursor of the one before."""
        ids, cursor = [], []
        for _ in range(2 * LINES):
            done = self.run_command("search", "needle", "-n", "10", "--output", "jsonl", *options,
                                    *cursor)
            *lines, last = [json.loads(line) for line in done.stdout.decode().splitlines()]
            told = re.findall(rb"--cursor (\S+),", done.stderr)
            if "text" in last:
                self.assertEqual(told, [])
                return ids + [line["id"] for line in [*lines, last]]
            self.assertFalse(last["complete"])
            self.assertEqual(told, [last["cursor"].encode()])
            ids += [line["id"] for line in lines]
            cursor = ["--cursor", last["cursor"]]
        self.fail("the search never ended")

    def check_all(self):
        whole = [line["id"] for line in self.collector.search("needle", "-n", "1000")]
        self.assertEqual(len(set(whole)), 2 * LINES)
        self.assertEqual(self.page_by_page(), whole)
        self.assertEqual(self.page_by_page("--oldest-first"), whole[::-1])
        document = json.loads(
            self.run_command("search", "needle", "-n", "2", "--output", "json").stdout)
        self.assertEqual([line.get("id") for line in document], [*whole[:2], None])
        self.assertIn("cursor", document[-1])
        return whole

    def test_pages_and_names_hold_with_the_collector_dead(self):
        alive = self.check_all()
        self.collector.kill()
        self.assertEqual(self.check_all(), alive)

    def test_show(self):
        [line] = self.collector.search("core1 needle 30")
        shown = self.run_command("show", line["id"], "-B", "2", "-A", "1", "--output", "jsonl")
        lines = [json.loads(text) for text in shown.stdout.decode().splitlines()]
        self.assertEqual([one["text"] for one in lines],
                         [f"core1 needle {i}" for i in (28, 29, 30, 31)])
        self.assertEqual([one["hit"] for one in lines], [False, False, True, False])
        self.assertEqual(lines[2]["id"], line["id"])
        text = self.run_command("show", line["id"]).stdout.decode()
        self.assertEqual(text.splitlines(), [f"{line['at']} core1: core1 needle 30"])
        nothing = self.run_command("show", "core1@1", expect=NOTHING)
        self.assertIn(b"there is no line core1@1", nothing.stderr)
        wrong = lastgasp("show", "core1", "--data", self.collector.data, check=False)
        self.assertEqual(wrong.returncode, 2)

    def test_names_in_text(self):
        [line] = self.collector.search("edge1 needle 7$", "-e")
        for command in (["search", "-e", "edge1 needle 7$"], ["show", line["id"]]):
            text = self.run_command(*command, "--ids").stdout.decode()
            self.assertEqual(text, f"{line['id']} {line['at']} edge1: edge1 needle 7\n")
        tail = self.run_command("tail", "edge1", "-n", "1", "--ids").stdout.decode()
        [last] = self.collector.search(f"edge1 needle {LINES - 1}")
        self.assertEqual(tail.split()[0], last["id"])

    def test_a_cursor_is_of_one_direction(self):
        for cursor, why in (("nonsense", b"no cursor"), ("n@5", b"newest first")):
            done = lastgasp("search", "needle", "--oldest-first", "--cursor", cursor, "--data",
                            self.collector.data, check=False)
            self.assertEqual(done.returncode, 2)
            self.assertIn(why, done.stderr)


if __name__ == "__main__":
    unittest.main()
