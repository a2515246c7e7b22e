"""Whatever a console prints, the page shows it and does nothing else."""

import unittest

from browser import Browser
from lab.case import Scenario
from lab.collector import Collector
from lab.console_peer import ConsolePeer

LINES = [
    b"<script>document.title='owned';alert(1)</script>",
    b"<img src=http://192.0.2.1/x onerror=alert(2)> <style>body{display:none}</style>",
    b"\"><svg onload=alert(3)> </div></main></body> &lt;b&gt; <!-- <base href=//192.0.2.1/>",
    b"\x1b]0;owned\x07\x1b]8;;javascript:alert(4)\x07link\x1b]8;;\x07 \x1b[2J\x1b[1;1H",
    b"\x1b[31;1mred \x1b[8mconcealed\x1b[0m \x1b[38;5;999999999mbad \x1b[4294967296m",
    "\u202egnp.exe \u2066isolated\u2069 \u05d0\u05d1\u05d2 123 \u200bzero\ufeff".encode(),
    b"\xff\xfe\xc3( \xed\xa0\x80 \xf8\x88\x80\x80\x80 \xc0\xaf caf\xe9",
    b"Kernel panic - not syncing: <script>alert(5)</script> \x1b[31m\xe2\x80\xae",
]


class HostileText(Scenario):
    def test_changes_nothing_on_any_page(self):
        name = "<b>core\"'1"
        peer = ConsolePeer(self)
        collector = Collector(self, {"consoles": [
            {"name": name, "endpoint": peer.endpoint, "labels": {"site": "<script>alert(6)</script>"}}]})
        peer.wait_connected()
        for line in LINES:
            peer.say(line + b"\r\n")
        peer.say(b"A" * 1_000_000 + b"\r\n" + b"the last line\r\n")
        collector.wait_incident("panic")
        self.eventually(lambda: collector.hits("the last line"), 30, "the last line, stored")
        incident = collector.incidents("panic")[0]["id"]
        line = collector.search("caf")[0]["id"]
        browser = Browser(self, collector)
        quote = "return encodeURIComponent(given.text);"
        quoted = browser.run(quote, text=name)
        for path in ("/", f"/consoles/{quoted}", f"/incidents/{incident}", "/incidents",
                     "/search?q=a&context=10", f"/search?order=oldest&limit=1000&console={quoted}",
                     "/search?q=%3Cscript%3E", f"/lines/{browser.run(quote, text=line)}"):
            with self.subTest(path=path):
                browser.open(path)
                self.assertEqual(browser.run("return page.title();").count("owned"), 0)
                self.assertEqual(browser.count("main script, main style, main img, base"), 0)
                self.assertEqual(browser.count("main [style], main [onload], main [onerror]"), 0)
                self.assertEqual(browser.count("a[href^='javascript:']"), 0)
                wide = browser.run("return page.evaluate(() => document.documentElement.scrollWidth"
                                   " - document.documentElement.clientWidth);")
                self.assertLessEqual(wide, 0, "the page is wider than the window")
        browser.open(f"/search?order=oldest&limit=20&console={quoted}")
        shown = " ".join(browser.texts(".log .text"))
        self.assertIn("\\u202egnp.exe", shown)
        self.assertIn("concealed", shown)
        self.assertIn("café", shown)
        self.assertEqual(browser.problems(), [])


if __name__ == "__main__":
    unittest.main()
