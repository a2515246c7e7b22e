"""A capture that somebody has on disk is judged without a daemon."""

import json
import unittest

from lab.case import REPOSITORY, Scenario
from lab.collector import lastgasp

CAPTURE = REPOSITORY / "tests/data/captures/linux-sysrq-crash-rebootloop.log"


class Scan(Scenario):
    def test_finds_the_panic_and_the_loop(self):
        done = lastgasp("scan", CAPTURE, "--output", "jsonl", check=False)
        rows = [json.loads(line) for line in done.stdout.decode().splitlines()]
        incidents = [row for row in rows if "kind" in row]
        self.assertEqual(sorted(row["kind"] for row in incidents),
                         ["panic", "panic", "panic", "reboot_loop"])
        self.assertEqual(len({row["fingerprint"] for row in incidents
                              if row["kind"] == "panic"}), 1)

    def test_quiet_file_has_none(self):
        quiet = self.folder / "quiet.log"
        quiet.write_text("r1#show clock\r\n10:00:00.123 UTC Sun Nov 22 2026\r\nr1#\r\n" * 50)
        done = lastgasp("scan", quiet, "--output", "jsonl", check=False)
        self.assertEqual([row for row in map(json.loads, done.stdout.splitlines())
                          if "kind" in row], [])

    def test_version_and_a_missing_file(self):
        self.assertRegex(lastgasp("version").stdout.decode(), r"\d+\.\d+\.\d+")
        missing = lastgasp("scan", self.folder / "no-such.log", check=False)
        self.assertNotEqual(missing.returncode, 0)
        self.assertIn(b"no-such.log", missing.stderr)


if __name__ == "__main__":
    unittest.main()
