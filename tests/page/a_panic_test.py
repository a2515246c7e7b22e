"""A router panics while somebody looks: seen on the wall, followed to its end, boots compared."""

import time
import unittest

from browser import Browser
from lab.case import Scenario
from lab.collector import Collector
from lab.guest import Guest


class APanic(Scenario):
    def test_is_followed_from_the_wall_to_the_comparison_of_boots(self):
        guest = Guest(self, f"panic=1 lg.crash_at={int(time.time()) + 25} "
                            f"lg.crash_until={int(time.time()) + 90}")
        collector = Collector(self, {"consoles": [
            {"name": "core1", "endpoint": guest.endpoint, "labels": {"site": "ams1"}}]})
        browser = Browser(self, collector).open("/")
        browser.wait("#wall a", "core1")
        browser.run("await page.evaluate(() => { globalThis.sameDocument = true; });")

        panic = "#open-incidents .title:text-matches('^Kernel panic')"
        browser.wait(panic, within=90)
        self.assertTrue(browser.run("return page.evaluate(() => globalThis.sameDocument === true);"),
                        "the wall was loaded again instead of being kept fresh")
        browser.click(panic)

        browser.wait("h1", "Kernel panic")
        browser.wait(".line.cause", "Kernel panic - not syncing")
        self.assertGreater(browser.count(".before .line"), 5)
        browser.wait("aside", "rebooted", within=60)

        browser.click(".incident-head a", "core1")
        browser.wait("#tail .line")
        before = browser.run("return page.locator('#tail .lines').innerText();")
        self.eventually(
            lambda: browser.run("return page.locator('#tail .lines').innerText();") != before,
            60, "the live tail growing")
        browser.wait("#tail .event", "incident")

        self.eventually(lambda: len(collector.get("/api/v1/boots")["boots"]) > 1, 60, "two boots")
        browser.open("/consoles/core1")
        browser.click("button", "Compare the two")
        browser.wait("h1", "Two boots of core1")
        browser.wait(".fact-list", "In both")
        self.assertEqual(browser.problems(), [])


if __name__ == "__main__":
    unittest.main()
