"""The disk is full: the collector goes on hearing and telling, and stores again when it can."""

import os
import random
import subprocess
import unittest

from lab.case import Scenario
from lab.collector import Collector
from lab.console_peer import ConsolePeer


class DiskFull(Scenario):
    def test_hears_on_and_recovers(self):
        disk = self.folder / "data"
        disk.mkdir()
        if os.geteuid() != 0:
            self.skipTest("mounting a small disk needs root")
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", disk],
                                 capture_output=True, text=True, timeout=20)
        if mounted.returncode != 0:
            self.skipTest(f"cannot mount here: {mounted.stderr.strip()}")
        self.addCleanup(subprocess.run, ["umount", "-l", disk], timeout=20)

        peer = ConsolePeer(self)
        collector = Collector(self, {"consoles": [{"name": "r1", "endpoint": peer.endpoint}]})
        peer.wait_connected().say("stored before\r\n")
        self.eventually(lambda: collector.hits("stored before"), 10)

        ballast = disk / "ballast"
        with open(ballast, "wb", buffering=0) as out:
            self.fill(out)
        noise = random.Random(1)
        for _ in range(40):  # does not compress, so that a commit needs the room
            peer.say(noise.randbytes(2000).hex() + "\r\n")
        self.eventually(lambda: collector.metric("storage_commit_failures_total"), 20,
                        "a commit that failed")
        peer.say("[  1.0] Kernel panic - not syncing: the disk is full\r\n"
                 "[  1.1] ---[ end Kernel panic - not syncing: the disk is full ]---\r\n")
        self.eventually(lambda: collector.metric(
            "console_incidents_total", console="r1", kind="panic") == 1, 15, "the panic heard")
        self.assertTrue(collector.process.running())

        ballast.unlink()
        peer.say("stored after\r\n")
        self.eventually(lambda: collector.hits("stored after"), 40, "storing again")
        self.assertEqual(collector.metric("console_up", console="r1"), 1)
        self.assertEqual(peer.connections, 1, "the reader was held up")

    @staticmethod
    def fill(out):
        try:
            while True:
                out.write(b"\0" * 4096)
        except OSError:
            pass


if __name__ == "__main__":
    unittest.main()
