"""A router that loses its power at the login prompt did not restart because somebody asked."""

import unittest

from lab.case import Scenario
from lab.collector import Collector
from lab.guest import Guest
from lab.relay import Relay

LOGIN = b"pe1 login: "


class PowerCut(Scenario):
    def test_is_an_incident_and_an_operators_reboot_is_none(self):
        # SeaBIOS and iPXE speak before the kernel does: three banners, one boot.
        guest = Guest(self, "loglevel=6", transport="tcp",
                      devices=["-machine", "graphics=off", "-device", "e1000"])
        relay = Relay(self)
        collector = Collector(self, {"consoles": [{"name": "pe1", "endpoint": relay.endpoint}]})
        terminal = relay.connect(self, guest.port)

        end = terminal.wait_seen(LOGIN, within=60)
        guest.monitor("system_reset")
        end = terminal.wait_seen(LOGIN, end, within=60)
        incident = collector.wait_incident("unexpected_reboot", within=30)
        self.assertEqual(incident["title"], "Unexpected reboot")

        terminal.type(b"root\r")
        end = terminal.wait_seen(b"# ", end)
        terminal.type(b"reboot -f\r")
        terminal.wait_seen(LOGIN, end, within=60)
        self.eventually(lambda: collector.metric("console_boots_total", console="pe1") == 3, 20,
                        "three boots")
        self.eventually(lambda: collector.hits("reboot: Restarting system"), 20)
        for banner in ("SeaBIOS (version", "iPXE (http", "Linux version"):
            self.assertEqual(len(collector.hits(banner)), 3, banner)
        self.assertEqual([(row["id"], row["repeats"]) for row in collector.incidents()],
                         [(incident["id"], 0)])


if __name__ == "__main__":
    unittest.main()
