"""Every view, light, dark and on a phone: accessible, within its window, and drawn for people to see.

With LASTGASP_SCREENSHOTS=FOLDER the pictures of the documentation are written there.
"""

import os
import unittest
from pathlib import Path

from browser import Browser
from lab.case import Scenario
from lab.collector import Collector
from lab.console_peer import ConsolePeer

CAPTURES = Path(__file__).resolve().parents[1] / "data/captures"
PLAYED = {"ams1-core1": "linux-sysrq-crash-rebootloop.log", "ber2-edge2": "linux-mod-null.log",
          "fra1-edge3": "linux-oom.log", "lhr3-core4": "uboot-arm64-abort.log"}
SITES = ("ams1", "ber2", "fra1", "lhr3")
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1200, "height": 760}
ON_A_PHONE = ("wall-phone", "incident-phone")  # of which there is a picture


class Looks(Scenario):
    def setUp(self):
        super().setUp()
        self.peers = {f"{site}-{role}{n}": ConsolePeer(self)
                      for site in SITES for n in range(1, 9) for role in ("core", "edge")}
        consoles = [{"name": name, "endpoint": peer.endpoint, "labels": {"site": name[:4]}}
                    for name, peer in self.peers.items()]
        consoles += [{"name": f"{site}-oob1", "endpoint": f"tcp://127.0.0.1:{port}",
                      "labels": {"site": site}} for port, site in enumerate(SITES[:2], start=1)]
        self.collector = Collector(self, {"consoles": consoles})
        for name, peer in self.peers.items():
            peer.wait_connected()
            peer.say((CAPTURES / PLAYED[name]).read_bytes() if name in PLAYED
                     else f"\x1b[32mInfo\x1b[0m: {name} is well\r\n{name} login: ")
        self.collector.wait_incident("reboot_loop")
        self.collector.wait_incident("oom")
        self.crash = self.collector.wait_incident("crash")["id"]

    def views(self):
        crash = next(row["id"] for row in self.collector.incidents("crash")
                     if "NULL pointer" in row["title"])
        line = self.collector.search("Kernel panic")[0]["id"].replace("@", "%40")
        return {"wall": "/", "incident": f"/incidents/{crash}", "incidents": "/incidents",
                "search": "/search?q=Kernel+panic&context=3", "line": f"/lines/{line}",
                "console": "/consoles/ams1-core1",
                "boots": "/consoles/ams1-core1/boots?older=2&newer=1",
                "rules": "/rules?line=Kernel+panic+-+not+syncing%3A+Fatal+exception"}

    def look(self, browser, name, path, folder):
        browser.open(path)
        faults = browser.run("return axe();")
        self.assertFalse(faults, "\n".join(faults))
        wide = browser.run("return page.evaluate(() => document.documentElement.scrollWidth"
                           " - document.documentElement.clientWidth);")
        self.assertLessEqual(wide, 0, f"{name} is wider than its window")
        if folder and (not name.endswith("-phone") or name in ON_A_PHONE):
            (Path(folder) / f"{name}.webp").write_bytes(browser.picture())

    def test_every_view_is_accessible_and_fits(self):
        folder = os.environ.get("LASTGASP_SCREENSHOTS")
        for scheme, viewport, suffix in (("light", DESK, ""), ("dark", DESK, "-dark"),
                                         ("light", PHONE, "-phone")):
            browser = Browser(self, self.collector, colorScheme=scheme, viewport=viewport)
            for name, path in self.views().items():
                with self.subTest(view=name + suffix):
                    self.look(browser, name + suffix, path, folder)


if __name__ == "__main__":
    unittest.main()
