"""kill -9 in the middle of a flood: what was acknowledged is there afterwards, without a hole."""

import re
import threading
import unittest

from lab.case import Scenario
from lab.collector import Collector
from lab.console_peer import ConsolePeer

FLOOD = 200_000
PANIC = (b"[  812.000001] Kernel panic - not syncing: Fatal exception in interrupt\r\n"
         b"[  812.000002] CPU: 0 PID: 0 Comm: swapper/0 Not tainted 6.1.0-13-amd64 #1\r\n"
         b"[  812.000003] Call Trace:\r\n"
         b"[  812.000004]  panic+0x118/0x2f4\r\n"
         b"[  812.000005]  oops_end.cold+0x18/0x18\r\n"
         b"[  812.000006]  fib_table_lookup+0x1c2/0x6a0\r\n"
         b"[  812.000007] ---[ end Kernel panic - not syncing: Fatal exception in interrupt ]---\r\n")


class KillInFlood(Scenario):
    def test_nothing_acknowledged_is_lost(self):
        peer = ConsolePeer(self)
        collector = Collector(self, {"consoles": [{"name": "pe1", "endpoint": peer.endpoint}]})
        peer.wait_connected()
        writer = threading.Thread(target=self.flood, args=(peer,), daemon=True)
        writer.start()
        self.eventually(lambda: collector.incidents("panic"), 60, "the incident in the flood")
        acknowledged = self.newest_number(collector)
        collector.kill()
        writer.join(30)

        self.assertGreater(acknowledged, 1000)
        stored = self.numbers(collector, acknowledged + 1)
        self.assertEqual(stored[:acknowledged + 1], list(range(acknowledged + 1)))
        self.assertEqual(len(collector.incidents()), 1)

        connections = peer.connections
        collector.start()
        peer.wait_connected(connections=connections + 1)
        peer.say("back again\r\n")
        self.eventually(lambda: collector.hits("back again"), 20)
        self.assertEqual(self.numbers(collector, acknowledged + 1)[:acknowledged + 1],
                         list(range(acknowledged + 1)))
        self.assertEqual(len(collector.incidents()), 1, "the same crash told again")

    def flood(self, peer):
        """Numbered lines as fast as they go, a panic after the first half."""
        try:
            for start in range(0, FLOOD, 500):
                if start == FLOOD // 2:
                    peer.say(PANIC)
                peer.say(b"".join(b"bgp: update number %07d from 192.0.2.1\r\n" % number
                                  for number in range(start, start + 500)))
        except (AssertionError, OSError):
            pass  # the reader was killed

    def newest_number(self, collector):
        # Of the newest line there may be only the beginning yet.
        return self.parse(collector.hits("update number", "--limit", "2"))[0]

    def numbers(self, collector, least):
        return self.parse(collector.hits(
            "update number", "--oldest-first", "--limit", str(least + FLOOD)))

    @staticmethod
    def parse(texts):
        return [int(re.search(r"number (\d{7}) from", text)[1])
                for text in texts if re.search(r"number (\d{7}) from", text)]


if __name__ == "__main__":
    unittest.main()
