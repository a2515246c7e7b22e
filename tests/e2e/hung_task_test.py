"""A daemon hangs in the kernel while the rest of the router goes on."""

import unittest

from lab.case import Scenario
from lab.collector import Collector
from lab.guest import Archive, Guest, find_kernel

FREEZE = b"""#!/bin/sh
insmod /modules/loop.ko
dd if=/dev/zero of=/disk bs=1k count=2048
mke2fs -F /disk
mkdir /mnt
mount -t ext2 -o loop /disk /mnt
echo 3 >/proc/sys/kernel/hung_task_timeout_secs
fsfreeze --freeze /mnt
/bin/bird &
"""


class HungTask(Scenario):
    def test_is_a_hang_and_no_reboot(self):
        kernel = find_kernel()
        if kernel is None:
            self.skipTest("no kernel for the guest (Debian package linux-image-cloud-amd64)")
        inside = Archive()
        inside.modules(kernel, "loop")
        inside.file("bin/bird", b"#!/bin/sh\necho 192.0.2.0/24 >/mnt/routes\n", 0o755)
        inside.file("etc/rc.local", FREEZE, 0o755)
        guest = Guest(self, extra=inside, transport="tcp")
        collector = Collector(self, {"consoles": [{"name": "pe1", "endpoint": guest.endpoint}]})

        incident = collector.wait_incident("hang", within=90)
        self.assertEqual(incident["severity"], "critical")
        self.assertIn("hung", incident["title"].lower())
        shown = self.eventually(lambda: self.whole_dump(collector, incident["id"]), 30,
                                "the end of the dump")
        self.assertIn("task bird:", shown)
        self.assertIn("__schedule", shown)
        self.assertEqual(collector.metric("console_boots_total", console="pe1"), 1)
        self.assertEqual([row["kind"] for row in collector.incidents()], ["hang"])

    def whole_dump(self, collector, number):
        text = "\n".join(collector.get(f"/api/v1/incidents/{number}")["incident"]["dump"])
        return text if "</TASK>" in text else ""


if __name__ == "__main__":
    unittest.main()
