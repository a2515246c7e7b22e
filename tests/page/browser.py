"""A headless Chromium at the page of a collector, driven by playwright-core (driver.mjs)."""

import base64
import json
import os
import selectors
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "e2e"))

from lab.case import require  # noqa: E402

DRIVER = Path(__file__).with_name("driver.mjs")


class Browser:
    """`context` are options of a browser context: colorScheme, javaScriptEnabled, viewport."""

    def __init__(self, case, collector, **context):
        modules = os.environ.get("PAGE_MODULES")
        if not modules:
            raise unittest.SkipTest("PAGE_MODULES names no node_modules: run by ctest or ./dev test")
        chromium, node = require("chromium", "chromium"), require("node", "nodejs")
        self._collector = collector
        self._process = subprocess.Popen(
            [node, DRIVER, json.dumps({"url": collector.url, "context": context})],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "CHROMIUM": chromium})
        case.addCleanup(self._end)

    def _end(self):
        self._process.stdin.close()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()

    def run(self, code, within=60, **given):
        """What the JavaScript returns; it sees page, context, given and axe."""
        self._process.stdin.write(json.dumps({"code": code, "given": given}) + "\n")
        self._process.stdin.flush()
        with selectors.DefaultSelector() as waiting:
            waiting.register(self._process.stdout, selectors.EVENT_READ)
            if not waiting.select(within):
                raise AssertionError(f"no answer of the browser within {within} s to: {code}")
        line = self._process.stdout.readline()
        answer = json.loads(line) if line else {"error": "the browser is gone"}
        if "error" in answer:
            raise AssertionError(f"{answer['error']}\nin: {code}")
        return answer["value"]

    def open(self, path):
        self.run("await page.goto(given.url, {waitUntil: 'load'});", url=self._collector.url + path)
        return self

    def wait(self, selector, text="", within=30):
        """Until an element of the selector that holds the text is seen."""
        self.run(
            "await page.locator(given.selector, given.text ? {hasText: given.text} : {})"
            ".first().waitFor({timeout: given.timeout});",
            within=within + 10, selector=selector, text=text, timeout=within * 1000)
        return self

    def click(self, selector, text=""):
        self.run("await page.locator(given.selector, given.text ? {hasText: given.text} : {})"
                 ".first().click();", selector=selector, text=text)
        return self

    def press(self, key):
        self.run("await page.keyboard.press(given.key);", key=key)
        return self

    def texts(self, selector):
        return self.run("return page.locator(given.selector).allTextContents();", selector=selector)

    def count(self, selector):
        return self.run("return page.locator(given.selector).count();", selector=selector)

    def path(self):
        return self.run("return page.url();").removeprefix(self._collector.url)

    def picture(self):
        """What is in the window, as WebP."""
        return base64.b64decode(self.run(
            "const session = await context.newCDPSession(page);"
            "const shot = await session.send('Page.captureScreenshot', {format: 'webp', quality: 26});"
            "await session.detach(); return shot.data;"))

    def problems(self):
        """Errors of scripts, dialogs, breaches of the policy, requests to elsewhere."""
        return self.run("return problems;")
