"""A kernel that panics, reboots and panics again is one loop; of its panics one is open."""

import unittest

from lab.case import Scenario
from lab.collector import Collector
from lab.guest import Guest


class RebootLoop(Scenario):
    def test_is_one_incident(self):
        guest = Guest(self, "panic=1 lg.crash_at=0", transport="tcp")
        collector = Collector(self, {"consoles": [{"name": "pe1", "endpoint": guest.endpoint}]})
        loop = collector.wait_incident("reboot_loop", within=90)
        boots = collector.metric("console_boots_total", console="pe1")
        self.assertGreaterEqual(boots, 3)
        self.eventually(lambda: collector.metric("console_boots_total", console="pe1") >= boots + 2,
                        60, "two boots more")
        guest.process.stop()

        self.assertEqual(len(collector.incidents("reboot_loop")), 1)
        panics = collector.incidents("panic")
        self.assertLessEqual(len(panics), 8)
        self.assertEqual(len({panic["fingerprint"] for panic in panics}), 1)
        self.assertLessEqual(sum(panic["state"] != "resolved" for panic in panics), 1)
        self.assertEqual(loop["console"], "pe1")
        self.assertEqual(
            collector.metric("console_incidents_total", console="pe1", kind="reboot_loop"), 1)
        self.assertEqual(
            collector.metric("console_incidents_total", console="pe1", kind="panic"), len(panics))


if __name__ == "__main__":
    unittest.main()
