"""A router that never gets past U-Boot: somebody else types, the collector only reads."""

import unittest

from lab.case import Scenario, require
from lab.collector import Collector
from lab.net import LOOPBACK, free_port
from lab.process import Process
from lab.relay import Relay

U_BOOT = "/usr/lib/u-boot/qemu_arm/u-boot.bin"
RESETS = 4


class UBootResetLoop(Scenario):
    def test_boots_are_counted_and_the_loop_is_one_incident(self):
        qemu = require("qemu-system-arm", "qemu-system-arm")
        port = free_port()
        relay = Relay(self)
        collector = Collector(self, {"consoles": [{"name": "cpe7", "endpoint": relay.endpoint}]})
        Process(self, "u-boot", [
            qemu, "-accel", "tcg", "-M", "virt", "-m", "256", "-nodefaults", "-display", "none",
            "-bios", U_BOOT, "-serial", f"tcp:{LOOPBACK}:{port},server=on,wait=on"])

        terminal = relay.connect(self, port)
        end = 0
        for _ in range(RESETS):
            end = terminal.wait_seen(b"stop autoboot:", end)
            terminal.type(b" ")
            end = terminal.wait_seen(b"=> ", end)
            terminal.type(b"reset\r")
        terminal.wait_seen(b"=> ", terminal.wait_seen(b"stop autoboot:", end))

        self.eventually(lambda: collector.metric("console_boots_total", console="cpe7")
                        == RESETS + 1, 15, "the count of boots")
        collector.wait_incident("reboot_loop")
        kinds = [row["kind"] for row in collector.incidents()]
        # The board has no saved environment and complains of its CRC: that is told too.
        self.assertEqual([kind for kind in kinds if kind != "storage"], ["reboot_loop"])
        self.assertEqual(relay.received, b"", "the collector wrote to the console")


if __name__ == "__main__":
    unittest.main()
