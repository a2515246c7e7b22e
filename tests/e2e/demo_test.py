"""`./dev run` does what it says: the same demo, for half a minute."""

import signal
import sys
import unittest

from lab.case import REPOSITORY, Scenario, lastgasp_binary
from lab.net import LOOPBACK, free_port, http_json
from lab.process import Process

DEMO = REPOSITORY / "tests/demo/demo.py"


class Demo(Scenario):
    def demonstrate(self, *options, within):
        listen = f"{LOOPBACK}:{free_port()}"
        demo = Process(self, "demo", [sys.executable, "-B", DEMO, "--collector", lastgasp_binary(),
                                      "--listen", listen, "--folder", self.folder / "demo",
                                      *options], limit=150)
        self.eventually(lambda: f"http://{listen}/" in demo.log(), 30, "where to look")
        self.eventually(lambda: "sysrq triggered crash" in demo.log(), within, "the panic told")
        self.eventually(lambda: "reboot_loop" in demo.log(), within, "the loop told")
        self.assertIsNotNone(http_json(f"http://{listen}/api/v1/incidents"))
        demo.signal(signal.SIGINT)
        self.assertEqual(demo.wait(20), 0)

    def test_with_a_real_machine(self):
        self.demonstrate("--crash-after", "3", within=60)

    def test_with_a_recording(self):
        self.demonstrate("--recorded", within=30)


if __name__ == "__main__":
    unittest.main()
