"""Reading what consoles said: found, seen in context, linked to, followed, by mouse and by keyboard."""

import unittest
from pathlib import Path

from browser import Browser
from lab.case import Scenario
from lab.collector import Collector
from lab.console_peer import ConsolePeer

CAPTURES = Path(__file__).resolve().parents[1] / "data/captures"


class Transcript(Scenario):
    def setUp(self):
        super().setUp()
        self.core, self.edge = ConsolePeer(self), ConsolePeer(self)
        self.collector = Collector(self, {"consoles": [
            {"name": "core1", "endpoint": self.core.endpoint},
            {"name": "edge <1>", "endpoint": self.edge.endpoint}]})
        self.core.wait_connected()
        self.edge.wait_connected()
        self.core.say((CAPTURES / "linux-sysrq-crash-rebootloop.log").read_bytes())
        self.edge.say("".join(f"line {i}: interface Gi0/{i % 4} changed state\r\n"
                              for i in range(500)))
        self.collector.wait_incident("reboot_loop")
        self.eventually(lambda: self.collector.hits("line 499"), 20, "the last line, stored")

    def test_a_hit_is_seen_in_context_that_grows_and_has_a_link(self):
        browser = Browser(self, self.collector).open("/search?q=line+250")
        self.assertEqual(browser.texts("mark"), ["line 250"])
        self.assertEqual(browser.count(".log .line"), 1)
        browser.click("a[data-more=before]").wait(".log .line", "line 240:")
        browser.click("a[data-more=after]").wait(".log .line", "line 260:")
        self.assertEqual(browser.count(".log .line"), 21)
        browser.click(".log .line:has(mark) a.when")
        browser.wait(".line.chosen", "line 250:").wait(".line", "line 230:")
        permalink = browser.path()
        browser.click("a[data-more=before]").wait(".line", "line 100:")
        self.assertEqual(browser.path(), permalink)
        browser.run("await page.locator('.line', {hasText: 'line 253:'}).locator('a.when')"
                    ".click({modifiers: ['Shift']}); await page.waitForURL(/to=/);")
        self.assertEqual(browser.count(".line.chosen"), 4)
        self.assertEqual(browser.problems(), [])

    def test_hits_of_several_consoles_have_their_colours(self):
        for peer, colour in ((self.core, 31), (self.edge, 32)):
            peer.say(f"\x1b[{colour}mfan of this box\x1b[0m died\r\n")
        self.eventually(lambda: len(self.collector.hits("fan of this")) == 2, 20, "both lines")
        browser = Browser(self, self.collector).open("/search?q=died")
        colours = [browser.run("return page.locator(given.selector).evaluate((e) => getComputedStyle(e).color);",
                               selector=f".piece .{name}") for name in ("f1", "f2")]
        self.assertEqual(len(set(colours)), 2)
        self.assertEqual(browser.texts(".piece .f1"), ["fan of this box"])
        self.assertEqual(browser.problems(), [])

    def test_search_and_links_work_without_scripts(self):
        browser = Browser(self, self.collector, javaScriptEnabled=False).open("/")
        browser.click("nav a", "Search")
        browser.run("await page.fill('#q', 'Kernel panic'); await page.fill('#console', 'core*');"
                    "await page.selectOption('#context', '3'); await page.click('.query button');")
        self.assertIn("Kernel panic", browser.texts("mark"))
        browser.click(".line:has(mark) a.when").wait(".line.chosen", "Kernel panic")
        chosen = browser.texts(".line.chosen .text")
        browser.open(browser.path())
        self.assertEqual(browser.texts(".line.chosen .text"), chosen)
        browser.click(".more a", "Further back").wait(".line.chosen")

    def test_the_histogram_leads_to_the_time_of_a_bar(self):
        browser = Browser(self, self.collector)

        def two_bars():  # once there was a flap in another second
            self.edge.say("flap\r\n")
            return browser.open("/search?q=flap").count(".histogram a") > 1

        self.eventually(two_bars, 20, "hits in two seconds")
        before = browser.count("mark")
        browser.click(".histogram a .reach")
        self.assertIn("since=", browser.path())
        self.assertLess(0, browser.count("mark"))
        self.assertLess(browser.count("mark"), before)

    def test_the_keyboard_goes_from_hit_to_hit_and_to_incidents(self):
        browser = Browser(self, self.collector).open("/search?q=Kernel+panic&context=3")
        hits = browser.count("mark")
        self.assertGreater(hits, 1)
        here = "return [...document.querySelectorAll('.line:has(mark)')].findIndex(l => l.matches('.current'));"
        for key, place in (("n", 0), ("n", 1), ("N", 0)):
            browser.press(key)
            self.assertEqual(browser.run(f"return page.evaluate(() => {{ {here} }});"), place)
        browser.press("/")
        self.assertEqual(browser.run("return page.evaluate(() => document.activeElement.id);"), "q")
        browser.press("Escape").press("?").wait("dialog[open]", "next, previous hit")
        browser.press("Escape")
        browser.open("/search?console=core1&order=oldest&limit=2000")
        browser.press("e")
        self.assertEqual(browser.run("return page.locator('.event.current').count();"), 1)
        browser.press("G")
        self.assertEqual(
            browser.run("return page.evaluate(() => [...document.querySelectorAll('.log .line')]"
                        ".pop().matches('.current'));"), True)

    def test_the_tail_grows_until_it_is_paused(self):
        browser = Browser(self, self.collector).open("/consoles/core1")
        browser.wait("#live", "live")
        self.core.say("first new line\r\n")
        browser.wait("#tail .line", "first new line")
        browser.press("p").wait("#live", "paused")
        self.core.say("while paused\r\n")
        self.eventually(lambda: self.collector.hits("while paused"), 20, "the line, stored")
        self.assertEqual(browser.run(
            "return page.locator('#tail .line', {hasText: 'while paused'}).count();"), 0)
        browser.click("#pause").wait("#tail .line", "while paused")
        self.core.say("and on\x1b[31m red\x1b[0m\r\n")
        browser.wait("#tail .f1", "red")
        texts = browser.texts("#tail .line:not(.event) .text")
        self.assertEqual(len([text for text in texts if "first new line" in text]), 1)

    def test_times_are_shown_as_the_reader_chose(self):
        browser = Browser(self, self.collector, timezoneId="Asia/Kolkata").open("/search?q=line+7:")
        utc = browser.texts(".log time")[0]
        browser.click("#zone")
        local = browser.texts(".log time")[0]
        minutes = [int(t[0:2]) * 60 + int(t[3:5]) for t in (utc, local)]
        self.assertEqual((minutes[1] - minutes[0]) % 1440, 330)
        browser.open("/search?q=line+8:")
        self.assertEqual(browser.texts("#zone"), ["local"])


if __name__ == "__main__":
    unittest.main()
