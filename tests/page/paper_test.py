"""An incident goes on paper, for the meeting or the vendor: all the console said, and nothing to click."""

import unittest
from pathlib import Path

from browser import Browser
from lab.case import Scenario
from lab.collector import Collector
from lab.console_peer import ConsolePeer

CAPTURES = Path(__file__).resolve().parents[1] / "data/captures"
WHITE, BLACK = "rgb(255, 255, 255)", "rgb(0, 0, 0)"
A4 = {"width": 720, "height": 1040}  # pixels within the margins


class Paper(Scenario):
    def setUp(self):
        super().setUp()
        router = ConsolePeer(self)
        self.collector = Collector(self, {"consoles": [{"name": "r1", "endpoint": router.endpoint}]})
        router.wait_connected().say((CAPTURES / "linux-mod-oops-panic.log").read_bytes())
        self.id = self.collector.wait_incident("panic")["id"]
        self.eventually(lambda: self.incident()["state"] != "capturing", 60, "the end of the dump")

    def incident(self):
        return self.collector.get(f"/api/v1/incidents/{self.id}")["incident"]

    def test_the_dump_is_whole_and_readable_also_from_a_dark_screen(self):
        browser = Browser(self, self.collector, colorScheme="dark", viewport=A4)
        browser.open(f"/incidents/{self.id}")
        browser.run("await page.emulateMedia({media: 'print'});")
        seen = browser.run("""
            return page.evaluate(() => {
              const shown = (e) => e.checkVisibility({contentVisibilityAuto: true});
              const all = (selector) => [...document.querySelectorAll(selector)];
              const look = (selector) => getComputedStyle(document.querySelector(selector));
              return {
                clickable: all('nav, form, button, .actions').filter(shown).length,
                before: all('.before .line').filter(shown).length,
                dump: all('.dump .log:not(.before .log) .line').filter(shown).length,
                ground: look('body').backgroundColor, ink: look('.line.cause').color,
                wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
                cut: all('.log').filter((log) => log.scrollHeight > log.clientHeight + 1).length,
              };
            });""")
        incident = self.incident()
        self.assertEqual(seen, {"clickable": 0, "before": len(incident["context"]),
                                "dump": len(incident["dump"]), "ground": WHITE, "ink": BLACK,
                                "wide": 0, "cut": 0})
        self.assertGreater(seen["before"], 0)
        self.assertGreater(seen["dump"], 20)


if __name__ == "__main__":
    unittest.main()
