"""The wall while things happen: consoles go down and come back, somebody types a filter."""

import unittest

from browser import Browser
from lab.case import Scenario
from lab.collector import Collector
from lab.console_peer import ConsolePeer


class Wall(Scenario):
    def setUp(self):
        super().setUp()
        self.peers = {name: ConsolePeer(self) for name in ("ams1-a", "ams1-b", "ber2-a", "ber2-b")}
        self.collector = Collector(self, {"consoles": [
            {"name": name, "endpoint": peer.endpoint, "labels": {"site": name[:4]}}
            for name, peer in self.peers.items()]})
        for peer in self.peers.values():
            peer.wait_connected().say("router login: ")
        for name in self.peers:
            self.collector.wait_up(name)

    def seen(self, browser):
        return browser.run("""return page.evaluate(() =>
            [...document.querySelectorAll('#wall li > a')].filter((name) => name.checkVisibility())
                .map((name) => name.textContent));""")

    def test_a_console_goes_down_and_comes_to_the_top_without_a_reload(self):
        browser = Browser(self, self.collector).open("/?group=site")
        self.assertEqual(self.seen(browser), ["ams1-a", "ams1-b", "ber2-a", "ber2-b"])
        browser.wait("body.scripted")
        browser.run("await page.evaluate(() => { globalThis.sameDocument = true; });")
        self.peers["ber2-b"].stop_listening()
        self.peers["ber2-b"].hang_up()
        browser.wait("#wall li[data-is=down] > a", "ber2-b")
        self.assertEqual(self.seen(browser), ["ber2-b", "ber2-a", "ams1-a", "ams1-b"])
        browser.wait(".conditions", "down")
        browser.press("n")
        self.assertEqual(browser.run("return page.evaluate(() => document.activeElement.textContent);"),
                         "ber2-b")
        self.assertTrue(browser.run("return page.evaluate(() => globalThis.sameDocument === true);"))
        self.assertEqual(browser.problems(), [])

    def test_the_filter_works_as_one_types_and_stays_in_the_address(self):
        browser = Browser(self, self.collector).open("/?group=site")
        browser.wait("body.scripted").press("/")
        browser.run("await page.keyboard.type('site=ber2 2-b');")
        self.eventually(lambda: self.seen(browser) == ["ber2-b"], 10, "the filter")
        self.eventually(lambda: "filter=site%3Dber2%202-b" in browser.path(), 10, "the address")
        browser.open(browser.path())
        self.assertEqual(self.seen(browser), ["ber2-b"])
        browser.run("await page.fill('#filter', '');")
        self.eventually(lambda: len(self.seen(browser)) == 4, 10, "all consoles again")
        browser.run("await page.fill('#filter', 'nothing of the kind');")
        browser.wait("#no-match", "No console matches")
        browser.run("await page.fill('#filter', ''); await page.selectOption('#group', '');"
                    "await page.waitForURL(/group=$/);")
        browser.wait("#wall h3", "All consoles")

    def test_a_chosen_console_stays_chosen_when_the_others_come(self):
        browser = Browser(self, self.collector)
        chosen = browser.run("""
            let come;
            const others = new Promise((now) => { come = now; });
            await page.route('**/?filter=&*', async (route) => { await others; await route.continue(); });
            await page.goto(given.url);
            await page.focus('#wall li > a');
            come();
            await page.waitForFunction(() => document.querySelectorAll('#wall li').length === 4);
            return page.evaluate(() => document.activeElement.textContent);""",
                             url=self.collector.url + "/?filter=2-b&group=site")
        self.assertEqual(chosen, "ber2-b")
        self.assertEqual(self.seen(browser), ["ber2-b"])

    def test_what_comes_in_another_order_stays_what_it_is(self):
        browser = Browser(self, self.collector).open("/")
        browser.wait("body.scripted")
        renewed = browser.run("""return page.evaluate(async () => {
            const {renew} = await import(document.querySelector('script[type=module]').src
                .replace(/[^/]*$/, 'fresh.js'));
            const list = (...names) => {
              const ul = document.createElement('ul');
              ul.id = 'list';
              ul.append(...names.map((name) => {
                const li = document.createElement('li');
                li.id = li.textContent = name;
                li.tabIndex = 0;
                return li;
              }));
              return ul;
            };
            const there = list('a', 'b', 'c', 'd');
            document.body.append(there);
            const before = Object.fromEntries([...there.children].map((li) => [li.id, li]));
            before.a.focus();
            const page = new DOMParser().parseFromString('<body></body>', 'text/html');
            page.body.append(list('d', 'b', 'new', 'a'));
            renew(page, '#list');
            return {order: [...there.children].map((li) => li.textContent),
                    same: ['a', 'b', 'd'].filter((id) => document.getElementById(id) === before[id]),
                    focus: document.activeElement.id};
          });""")
        self.assertEqual(renewed, {"order": ["d", "b", "new", "a"], "same": ["a", "b", "d"], "focus": "a"})


if __name__ == "__main__":
    unittest.main()
