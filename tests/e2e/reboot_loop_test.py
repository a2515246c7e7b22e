"""A kernel that panics, reboots and panics again is one loop, not an incident a boot."""

import time
import unittest

from lab.case import Scenario
from lab.collector import Collector
from lab.guest import Guest


class RebootLoop(Scenario):
    def test_is_one_incident(self):
        now = int(time.time())
        guest = Guest(self, f"panic=1 lg.crash_at={now + 1} lg.crash_until={now + 22}",
                      transport="tcp")
        collector = Collector(self, {"consoles": [{"name": "pe1", "endpoint": guest.endpoint}]})
        loop = collector.wait_incident("reboot_loop", within=90)
        # The loop ends by itself; up again, the guest stays at its prompt.
        self.eventually(lambda: time.time() > now + 22 and collector.get("/api/v1/consoles"), 60)
        boots = collector.metric("console_boots_total", console="pe1")
        self.eventually(
            lambda: len(collector.hits("login:", "--limit", "1000")) >= boots - 1, 30)

        self.assertGreaterEqual(boots, 3)
        self.assertEqual(len(collector.incidents("reboot_loop")), 1)
        self.assertEqual(len(collector.incidents("panic")), 1)
        self.assertEqual(loop["console"], "pe1")
        self.assertEqual(
            collector.metric("console_incidents_total", console="pe1", kind="reboot_loop"), 1)
        self.assertEqual(collector.metric("console_incidents_total", console="pe1"), 2)


if __name__ == "__main__":
    unittest.main()
