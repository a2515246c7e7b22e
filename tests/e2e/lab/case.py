"""The base of every scenario: a scratch folder, and parts that are ended and told about on failure."""

import os
import shutil
import tempfile
import time
import unittest
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]


def eventually(condition, within, what="the condition", every=0.1):
    """The first true value of condition() within so many seconds; fails with its last value."""
    deadline = time.monotonic() + within
    while True:
        last = condition()
        if last:
            return last
        if time.monotonic() >= deadline:
            raise AssertionError(f"{what} did not come true within {within} s; last seen: {last!r}")
        time.sleep(every)


def lastgasp_binary():
    found = os.environ.get("LASTGASP")
    if not found:
        raise unittest.SkipTest("LASTGASP names no collector: run by ctest or ./dev test")
    return found


def require(program, package):
    """The program's path, or the scenario is skipped."""
    found = shutil.which(program, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if not found:
        raise unittest.SkipTest(f"{program} is not installed (Debian package {package})")
    return found


class Scenario(unittest.TestCase):
    """`self.folder` is its own and is removed when the test has passed."""

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="lastgasp-e2e."))
        self._logs = []
        self.addCleanup(self._tell_and_remove)  # first in, last out: after every part has ended

    def show_on_failure(self, name, text):
        """`text()` is printed when the test fails."""
        self._logs.append((name, text))

    def eventually(self, condition, within, what="the condition"):
        return eventually(condition, within, what)

    def _failed(self):
        outcome = self._outcome.result
        wrong = getattr(outcome, "failures", []) + getattr(outcome, "errors", [])
        return any(test is self or getattr(test, "test_case", None) is self for test, _ in wrong)

    def _tell_and_remove(self):
        if self._failed():
            for name, text in self._logs:
                print(f"---- {name} (its end) ----\n{text()[-6000:]}", flush=True)
        shutil.rmtree(self.folder, ignore_errors=True)
