"""What an operator does at the console is no incident: reading an old crash, and a reboot."""

import unittest

from lab.case import REPOSITORY, Scenario
from lab.collector import Collector
from lab.guest import Archive, Guest
from lab.relay import Relay

CAPTURE = REPOSITORY / "tests/data/captures/linux-sysrq-crash-rebootloop.log"


class OperatorAtWork(Scenario):
    def test_old_crash_shown_and_reboot_asked_for(self):
        crash = CAPTURE.read_bytes().replace(b"\r\n", b"\n").split(b"Rebooting in")[0]
        extra = Archive()
        extra.file("var/crash/dmesg.txt", b"\n".join(crash.splitlines()[-60:]) + b"\n")
        guest = Guest(self, transport="tcp", extra=extra)
        relay = Relay(self)
        collector = Collector(self, {"consoles": [{"name": "pe1", "endpoint": relay.endpoint}]})
        terminal = relay.connect(self, guest.port)

        end = terminal.wait_seen(b"login: ", within=60)
        terminal.type(b"root\r")
        end = terminal.wait_seen(b"# ", end)
        terminal.type(b"cat /var/crash/dmesg.txt\r")
        end = terminal.wait_seen(b"Kernel Offset: disabled", end)
        end = terminal.wait_seen(b"# ", end)
        terminal.type(b"reboot -f\r")
        end = terminal.wait_seen(b"login: ", end, within=60)
        terminal.type(b"root\r")
        terminal.wait_seen(b"# ", end)

        self.eventually(lambda: collector.metric("console_boots_total", console="pe1") == 2, 20)
        self.eventually(lambda: len(collector.hits("root login on")) == 2, 20)
        self.assertTrue(collector.hits("Kernel panic - not syncing"), "the crash was not shown")
        self.assertEqual(collector.incidents(), [])


if __name__ == "__main__":
    unittest.main()
