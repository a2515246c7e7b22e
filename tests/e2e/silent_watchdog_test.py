"""A hardware watchdog resets a hung router without a word: the banner is all there is to see."""

import unittest

from lab.case import Scenario
from lab.collector import Collector
from lab.guest import Archive, Guest, find_kernel

NEVER_FED = b"""#!/bin/sh
insmod /modules/watchdog.ko
insmod /modules/i6300esb.ko heartbeat=6
sleep 1000 3>/dev/watchdog &
"""


class SilentWatchdog(Scenario):
    def test_reset_is_one_unexpected_reboot(self):
        kernel = find_kernel("amd64")
        if kernel is None:
            self.skipTest("no kernel with i6300esb (Debian package linux-image-amd64)")
        inside = Archive()
        inside.modules(kernel, "watchdog", "i6300esb")
        inside.file("etc/rc.local", NEVER_FED, 0o755)
        guest = Guest(self, "loglevel=6", extra=inside, kernel=kernel, memory_mib=512,
                      devices=["-device", "i6300esb", "-action", "watchdog=reset"])
        collector = Collector(self, {"consoles": [{"name": "pe1", "endpoint": guest.endpoint}]})

        incident = collector.wait_incident("unexpected_reboot", within=120)
        self.assertEqual(incident["severity"], "warning")
        guest.process.stop()  # before the watchdog's next reset
        self.assertEqual(collector.metric("console_boots_total", console="pe1"), 2)
        self.assertEqual([row["kind"] for row in collector.incidents()], ["unexpected_reboot"])
        self.assertEqual(collector.hits("Kernel panic"), [])


if __name__ == "__main__":
    unittest.main()
