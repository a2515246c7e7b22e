"""Two people look at one incident: what one says of it reaches the other, who is just writing."""

import json
import unittest
import urllib.request

from browser import Browser
from lab.case import Scenario
from lab.collector import Collector
from lab.console_peer import ConsolePeer

CRASH = (b"[  5.1] Kernel panic - not syncing: Fatal exception\r\n"
         b"[  5.3] ---[ end Kernel panic - not syncing: Fatal exception ]---\r\n")


class Acknowledge(Scenario):
    def setUp(self):
        super().setUp()
        router = ConsolePeer(self)
        self.collector = Collector(self, {"consoles": [{"name": "r1", "endpoint": router.endpoint}]})
        router.wait_connected().say(CRASH)
        self.id = self.collector.wait_incident("panic")["id"]

    def say(self, what, **fields):
        request = urllib.request.Request(
            f"{self.collector.url}/api/v1/incidents/{self.id}/{what}",
            data=json.dumps(fields).encode(), headers={"Content-Type": "application/json"})
        urllib.request.urlopen(request, timeout=30).close()

    def open(self, path):
        """A page whose document must stay the same from here on, with its stream open."""
        browser = Browser(self, self.collector)
        browser.run("globalThis.streams = 0; page.on('response', (answer) => {"
                    "  if (answer.url().endsWith('/api/v1/events')) globalThis.streams += 1; });")
        browser.open(path)
        self.eventually(lambda: browser.run("return globalThis.streams > 0;"), 20, "the stream")
        browser.run("await page.evaluate(() => { globalThis.sameDocument = true; });")
        return browser

    def check(self, browser):
        self.assertTrue(browser.run("return page.evaluate(() => globalThis.sameDocument === true);"))
        self.assertEqual(browser.problems(), [])

    def test_what_is_said_arrives_and_what_is_being_written_stays(self):
        browser = self.open(f"/incidents/{self.id}")
        browser.wait("#notes", "Nobody has said so yet.")
        browser.run("await page.fill('#by', 'ann'); await page.locator('#text').pressSequentially('half a ');")
        self.say("acknowledge", by="bob")
        browser.wait("#notes li", "bob acknowledged")
        self.say("notes", by="bob", text="fan dead")
        browser.wait("#notes li", "bob: fan dead")
        browser.run("await page.keyboard.type('note');")
        self.assertEqual(browser.run("return page.evaluate(() => [document.getElementById('by').value,"
                                     " document.getElementById('text').value]);"),
                         ["ann", "half a note"])
        self.assertEqual(browser.texts("#note button"), ["Add note"])
        self.check(browser)
        browser.click("#note button")
        browser.wait("#notes li", "ann: half a note")

    def test_the_wall_says_who_looks_after_it(self):
        browser = self.open("/")
        browser.wait("#open-incidents", "Kernel panic")
        self.say("acknowledge", by="bob")
        browser.wait("#open-incidents", "bob looks after it")
        self.check(browser)


if __name__ == "__main__":
    unittest.main()
