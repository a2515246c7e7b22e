"""Clients that ask for much and never read it: they are dropped, and others are served meanwhile."""

import select
import socket
import unittest
import urllib.request

from lab.case import Scenario
from lab.collector import Collector
from lab.console_peer import ConsolePeer
from lab.net import LOOPBACK

MUCH = 20 << 20  # bytes; more than any answer may hold in memory
ESTABLISHED = "01"


class SlowReader(Scenario):
    def setUp(self):
        super().setUp()
        self.peer = ConsolePeer(self)
        self.collector = Collector(self, {"consoles": [{"name": "r1", "endpoint": self.peer.endpoint}]})
        self.peer.wait_connected()
        self.said = b"".join(b"%07d: interface Gi0/%d changed state to up\r\n" % (i, i % 48)
                             for i in range(MUCH // 46))
        self.peer.say(self.said)
        self.eventually(lambda: self.collector.hits(self.said[-40:-2].decode()), 60, "the last line")

    def ask_and_never_read(self, path):
        client = socket.socket()
        self.addCleanup(client.close)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.connect((LOOPBACK, self.port))
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: {LOOPBACK}\r\n\r\n".encode())
        self.assertTrue(select.select([client], [], [], 30)[0], f"no answer to {path} begins")
        return client

    @property
    def port(self):
        return int(self.collector.listen.rpartition(":")[2])

    def served(self, client):
        """Whether the collector still has its end of the connection."""
        wanted = f"{self.port:04X}", f"{client.getsockname()[1]:04X}"
        with open("/proc/net/tcp") as table:
            rows = [line.split() for line in table.readlines()[1:]]
        return any((row[1].split(":")[1], row[2].split(":")[1]) == wanted and row[3] == ESTABLISHED
                   for row in rows)

    def export(self, form):
        address = f"{self.collector.url}/api/v1/export?console=r1&form={form}"
        with urllib.request.urlopen(address, timeout=60) as answer:
            return answer.read()

    def test_they_are_dropped_while_others_are_served(self):
        slow = {path: self.ask_and_never_read(path) for path in (
            "/api/v1/export?console=r1&form=raw", "/api/v1/export?console=r1&form=text",
            "/api/v1/search?q=&limit=10000", "/api/v1/tail/stream?console=r1")}
        for path, client in slow.items():
            self.assertTrue(self.served(client), path)

        self.assertEqual(self.export("raw"), self.said)
        text = self.export("text")
        self.assertEqual([line.split(b" r1: ", 1)[1] for line in text.splitlines()],
                         self.said.split(b"\r\n")[:-1])

        def all_dropped():
            self.peer.say(self.said[:100000])  # for the live tail
            self.assertEqual(self.collector.get("/api/v1/consoles")["states"], {"up": 1})
            return [path for path, client in slow.items() if self.served(client)] == []
        self.eventually(all_dropped, 90, "the end of all four")


if __name__ == "__main__":
    unittest.main()
