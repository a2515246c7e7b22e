"""What console servers do to a collector: refuse, be busy, vanish, hang up in mid-line."""

import os
import socket
import subprocess
import sys
import time
import unittest

from lab.case import Scenario, require
from lab.collector import Collector
from lab.console_peer import ConsolePeer
from lab.net import LOOPBACK, free_port
from lab.process import Process

HALF_OPEN_NOTICED_SECONDS = 60


class ConsoleServer(Scenario):
    def state(self, collector, name):
        """Its state and reason as the API tells; empty before it is known."""
        consoles = (collector.get("/api/v1/consoles") or {}).get("consoles", [])
        return next(({"state": console["state"], "reason": console["reason"]}
                     for console in consoles if console["name"] == name), {})

    def test_refused_then_there(self):
        port = free_port()
        collector = Collector(self, {"consoles": [
            {"name": "r1", "endpoint": f"tcp://{LOOPBACK}:{port}"}]})
        self.eventually(lambda: self.state(collector, "r1").get("reason") == "refused", 15)
        self.assertEqual(collector.metric("console_up", console="r1"), 0)
        peer = ConsolePeer(self, port=port).wait_connected(35)
        peer.say("here I am\r\n")
        self.eventually(lambda: collector.hits("here I am"), 10)
        self.assertEqual(collector.metric("console_up", console="r1"), 1)
        self.assertGreater(collector.metric("console_connect_failures_total", console="r1"), 0)

    def test_busy_line(self):
        peer = ConsolePeer(self)
        peer.banner, peer.busy = b"\r\nPort is already in use\r\n", True
        collector = Collector(self, {"consoles": [{"name": "r1", "endpoint": peer.endpoint}]})
        self.eventually(lambda: self.state(collector, "r1").get("reason") == "busy", 15)
        peer.banner, peer.busy = b"", False
        peer.wait_connected(35).say("free now\r\n")
        self.eventually(lambda: collector.hits("free now"), 10)

    def test_reconnect_in_mid_line(self):
        peer = ConsolePeer(self)
        collector = Collector(self, {"consoles": [{"name": "r1", "endpoint": peer.endpoint}]})
        peer.wait_connected()
        peer.say("whole line one\r\nhalf a li")
        self.eventually(lambda: collector.metric("console_received_bytes_total", console="r1") == 25,
                        10)
        peer.hang_up()
        peer.wait_connected(connections=2).say("ne afterwards\r\nwhole line two\r\n")
        self.eventually(lambda: collector.hits("whole line two"), 20)
        self.assertEqual(collector.hits("whole line", "--oldest-first"),
                         ["whole line one", "whole line two"])
        self.assertEqual(collector.hits("half a li"), ["half a li"])
        self.assertEqual(collector.hits("ne afterwards"), ["ne afterwards"])
        self.assertEqual(collector.metric("console_disconnects_total", console="r1"), 1)

    def test_half_open(self):
        """The cable to the console server is cut: no FIN, no RST, no answer."""
        ip = require("ip", "iproute2")
        if os.geteuid() != 0:
            self.skipTest("a network of its own needs root")
        space, here, there = (f"lg{os.getpid()}{end}" for end in "nab")

        def run(*argv):
            done = subprocess.run([ip, *argv], capture_output=True, text=True, timeout=20)
            if done.returncode != 0:
                self.skipTest(f"no network namespace here: {done.stderr.strip()}")

        run("netns", "add", space)
        self.addCleanup(subprocess.run, [ip, "netns", "del", space], timeout=20)
        run("link", "add", here, "type", "veth", "peer", "name", there, "netns", space)
        self.addCleanup(subprocess.run, [ip, "link", "del", here], timeout=20)
        run("addr", "add", "198.51.100.1/30", "dev", here)
        run("link", "set", here, "up")
        run("-n", space, "addr", "add", "198.51.100.2/30", "dev", there)
        run("-n", space, "link", "set", there, "up")
        Process(self, "console-server", [
            ip, "netns", "exec", space, sys.executable, "-c",
            "import socket,time\n"
            "s = socket.create_server(('198.51.100.2', 2001))\n"
            "c = s.accept()[0]\n"
            "c.sendall(b'last words\\r\\n')\n"
            "time.sleep(300)\n"])
        self.eventually(self.reachable, 10, "the console server in its namespace")
        collector = Collector(self, {"consoles": [
            {"name": "r1", "endpoint": "tcp://198.51.100.2:2001"}]})
        self.eventually(lambda: collector.hits("last words"), 15)
        run("-n", space, "link", "set", there, "down")
        cut = time.monotonic()
        self.eventually(lambda: collector.metric("console_up", console="r1") == 0,
                        HALF_OPEN_NOTICED_SECONDS + 5, "the cut")
        self.assertLess(time.monotonic() - cut, HALF_OPEN_NOTICED_SECONDS)

    @staticmethod
    def reachable():
        """A look at the port from outside costs the server its only accept; ask for the route."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.connect(("198.51.100.2", 9))
                return True
            except OSError:
                return False


if __name__ == "__main__":
    unittest.main()
