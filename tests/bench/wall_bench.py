"""What the wall of 10,000 consoles costs: bytes and time of the server, and until a browser shows it.

    PAGE_MODULES=build/dev/tests/page python3 -B tests/bench/wall_bench.py COLLECTOR [CONSOLES]

Without PAGE_MODULES (ctest -R page.install makes it) only the server is measured.
"""

import os
import socket
import sys
import threading
import time
import unittest
from pathlib import Path

HERE = Path(__file__).resolve()
sys.path[:0] = [str(HERE.parents[1] / "page"), str(HERE.parents[1] / "e2e")]

from browser import Browser  # noqa: E402
from lab.case import Scenario  # noqa: E402
from lab.collector import Collector  # noqa: E402
from lab.net import http  # noqa: E402

COUNT = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
PER_SITE = 48


class Consoles:
    """One listener for all: each console is another address of the loopback network."""

    def __init__(self):
        self.listener = socket.create_server(("0.0.0.0", 0), backlog=4096)
        self.port = self.listener.getsockname()[1]
        self.readers = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            reader, _ = self.listener.accept()
            reader.sendall(b"router login: ")
            self.readers.append(reader)

    def endpoint(self, n):
        return f"tcp://127.1.{n // 250}.{n % 250 + 1}:{self.port}"


def best(measure, rounds=5):
    return min(measure() for _ in range(rounds))


class Wall(Scenario):
    def server(self, path):
        began = time.perf_counter()
        status, body = http(self.collector.url + path)
        assert status == 200, status
        self.size = len(body)
        return (time.perf_counter() - began) * 1000

    def test_cost(self):
        consoles = Consoles()
        self.collector = Collector(self, {"consoles": [
            {"name": f"pop{n // PER_SITE}-r{n % PER_SITE + 1}", "endpoint": consoles.endpoint(n),
             "platform": "junos", "labels": {"site": f"pop{n // PER_SITE}"}} for n in range(COUNT)]})
        self.eventually(lambda: len(consoles.readers) >= COUNT, 120, "all consoles connected")
        self.eventually(lambda: (self.collector.metric("consoles", state="up") or 0) >= COUNT, 60, "up")
        print(f"wall of {COUNT} consoles: {best(lambda: self.server('/')):.0f} ms in the server "
              f"and loopback, {self.size / 1e6:.2f} MB")
        print(f"what is above it: {best(lambda: self.server('/?only=incidents')):.0f} ms")
        if not os.environ.get("PAGE_MODULES"):
            return
        browser = Browser(self, self.collector)
        times = []
        for _ in range(3):
            browser.open("/")
            browser.run("await page.waitForSelector('body.scripted');")
            times.append(browser.run("return page.evaluate(() => ({painted: performance"
                ".getEntriesByName('first-contentful-paint')[0]?.startTime,"
                " interactive: performance.getEntriesByName('started')[0]?.startTime,"
                " loaded: performance.timing.loadEventEnd - performance.timing.navigationStart}));"))
        print("in Chromium, ms:", times)
        print("filter as typed, ms:", browser.run(
            "return page.evaluate(async () => { const f = document.getElementById('filter');"
            "const began = performance.now(); f.value = 'pop17-r5'; f.dispatchEvent(new Event('input'));"
            "while (document.querySelectorAll('#wall .group:not([hidden])').length > 5)"
            "  await new Promise(requestAnimationFrame);"
            "return Math.round(performance.now() - began); });"))


if __name__ == "__main__":
    os.environ["LASTGASP"] = os.path.abspath(sys.argv[1])
    unittest.main(argv=sys.argv[:1])
