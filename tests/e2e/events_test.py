"""A page that watches hears at once what becomes of consoles and incidents, and each line; one that
does not listen holds up nobody."""

import socket
import threading
import unittest

from lab.case import REPOSITORY, Scenario
from lab.collector import Collector
from lab.console_peer import ConsolePeer
from lab.events import Events

DIED = (REPOSITORY / "tests/data/captures/linux-mod-oops-panic.log").read_bytes()
MOST_STREAMS = 64


class Watching(Scenario):
    def setUp(self):
        super().setUp()
        self.peers = {name: ConsolePeer(self) for name in ("core1", "edge1")}
        self.collector = Collector(self, self.config("core1", "edge1"))
        for name, peer in self.peers.items():
            peer.wait_connected().say(f"{name} is here\r\n")
        self.eventually(lambda: len(self.collector.hits("is here")) == 2, 20, "the first lines")

    def config(self, *names):
        return {"consoles": [{"name": name, "endpoint": self.peers[name].endpoint,
                              "labels": {"site": name[:4]}} for name in names]}

    def events(self, target="events", **more):
        return Events(self, f"{self.collector.url}/api/v1/{target}", **more)

    def tail(self, **more):
        return self.events("tail/stream?console=core1", **more)


class Changes(Watching):
    def test_a_console_goes_down_and_comes_back(self):
        events = self.events()
        self.assertIn("version", events.wait("hello"))
        self.peers["core1"].hang_up()
        self.peers["core1"].stop_listening()
        down = events.wait("console", lambda console: console["condition"] == "down")
        self.assertEqual(down["name"], "core1")
        self.assertIsNotNone(down["condition_since"])
        events.wait("console", lambda console: console["reason"] == "refused")
        again = ConsolePeer(self, port=self.peers["core1"].port)
        again.wait_connected(within=40)
        events.wait("console", lambda console: console["condition"] == "up")
        self.assertEqual({console["name"] for console in events.named("console")
                          if console["condition"] != "up"}, {"core1"})

    def test_a_panic_is_told_as_it_is_captured_and_as_the_list_has_it(self):
        events, others = self.events("events?console=core1"), self.events("events?label=site=edge")
        events.wait("hello")
        others.wait("hello")
        self.peers["core1"].say(DIED)
        events.wait("console", lambda console: console["condition"] == "crashed")
        told = events.wait("incident", lambda incident: incident["kind"] == "panic")
        self.assertNotIn("dump", told)

        def last_told_is_listed():
            listed = self.collector.get("/api/v1/incidents?kind=panic")["incidents"][0]
            return events.named("incident")[-1] == listed
        self.eventually(last_told_is_listed, 20, "the incident as it is listed")
        self.peers["edge1"].say("a line\r\n")
        others.wait("console", lambda console: console["name"] == "edge1")
        self.assertEqual(others.named("incident"), [])
        self.assertEqual({console["name"] for console in others.named("console")}, {"edge1"})

    def test_consoles_leave_with_the_configuration(self):
        events = self.events()
        events.wait("hello")
        self.collector.configure(self.config("core1"))
        self.assertEqual(self.collector.reload()[0], 200)
        self.assertEqual(events.wait("console_gone"), {"name": "edge1"})

    def test_the_end_of_the_collector_is_the_end_of_the_streams(self):
        events, tail = self.events(), self.tail()
        events.wait("hello")
        self.collector.stop()
        events.wait_ended()
        tail.wait_ended()


class Lines(Watching):
    def test_lines_come_as_they_are_stored_and_go_on_where_a_reader_was(self):
        tail = self.tail()
        self.assertEqual(tail.status, 200)
        [before] = self.collector.search("core1 is here")
        resumed = self.tail(last_id=before["id"])
        for number in range(20):
            self.peers["core1"].say(f"number {number}\r\n")
            tail.wait("line", lambda line: line["text"] == f"number {number}", within=10)
        resumed.wait("line", lambda line: line["text"] == "number 19")
        expected = [f"number {number}" for number in range(20)]
        for reader in (tail, resumed):
            self.assertEqual([line["text"] for line in reader.named("line")][-20:], expected)
        half = next(id for event, id, line in tail.heard if line.get("text") == "number 9")
        rest = self.tail(last_id=half)
        rest.wait("line", lambda line: line["text"] == "number 19")
        self.assertEqual([line["text"] for line in rest.named("line")], expected[10:])
        stored = {line["id"]: line for line in
                  self.collector.get("/api/v1/tail?console=core1&lines=50")["lines"]}
        self.assertEqual(rest.named("line"), [stored[line["id"]] for line in rest.named("line")])

    def test_a_prompt_is_shown_before_it_ends(self):
        tail = self.tail()
        self.peers["core1"].say("any line\r\n")
        tail.wait("line", lambda line: line["text"] == "any line")
        self.peers["core1"].say("login: ")
        partial = tail.wait("partial")
        self.assertEqual(partial["text"], "login: ")
        self.peers["core1"].say("root\r\n")
        whole = tail.wait("line", lambda line: line["text"] == "login: root")
        self.assertEqual(whole["id"], partial["id"])


class SlowReaders(Watching):
    def test_a_reader_that_never_reads_is_dropped_while_others_go_on(self):
        deaf = socket.socket()
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.addCleanup(deaf.close)
        host, port = self.collector.listen.split(":")
        deaf.connect((host, int(port)))
        deaf.sendall(b"GET /api/v1/tail/stream?console=core1 HTTP/1.1\r\nHost: x\r\n\r\n")
        listening = self.tail()
        over = threading.Event()
        self.addCleanup(over.set)

        def flood():
            while not over.wait(0.05):
                self.peers["core1"].say(b"a flood of lines, this is one of them\r\n" * 500)
        threading.Thread(target=flood, daemon=True).start()

        def is_dropped():
            return self.collector.process.running() and not self.connected(deaf)
        self.eventually(is_dropped, 60, "the end of the reader that does not read")
        over.set()
        self.assertTrue(listening.named("gap"), "a flood this large leaves lines out")
        self.peers["core1"].say("after the flood\r\n")
        listening.wait("line", lambda line: line["text"] == "after the flood")
        self.assertFalse(listening.ended)

    @staticmethod
    def connected(reader):
        """As the kernel sees it: the reader takes no byte."""
        info = reader.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 8)
        return info[0] == 1  # ESTABLISHED

    def test_so_many_streams_and_no_more(self):
        streams = [self.events() for _ in range(MOST_STREAMS)]
        for stream in streams:
            stream.wait("hello")
        refused = self.events()
        self.assertEqual((refused.status, refused.retry_after), (503, "5"))
        streams.pop().close()
        self.eventually(lambda: self.events().status == 200, 20, "a place for another")
        self.assertEqual(len(self.collector.get("/api/v1/consoles")["consoles"]), 2)


if __name__ == "__main__":
    unittest.main()
