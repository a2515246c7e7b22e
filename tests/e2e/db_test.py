"""A damaged folder: found by check, worked around by search, repaired; and what export writes."""

import json
import sqlite3
import unittest

from lab.case import REPOSITORY, Scenario
from lab.collector import FOUND, NOTHING, Collector, lastgasp
from lab.console_peer import ConsolePeer
from lab.net import LOOPBACK, free_port

DUMP = (REPOSITORY / "tests/data/captures/linux-mod-oops-panic.log").read_bytes()
BEFORE = b"".join(b"before %d\r\n" % i for i in range(200))
ERROR = 2


class Db(Scenario):
    def setUp(self):
        super().setUp()
        self.router, self.other = ConsolePeer(self), ConsolePeer(self)
        self.collector = Collector(self, {"consoles": [
            {"name": "core1", "endpoint": self.router.endpoint},
            {"name": "edge1", "endpoint": self.other.endpoint}]})
        for peer, bytes_ in ((self.router, BEFORE), (self.other, b"hello \xe9\xff\r\n")):
            peer.wait_connected()
            peer.say(bytes_)
        self.eventually(lambda: self.collector.hits("before 199"), 20, "the lines before")
        self.router.say(DUMP)
        self.incident = self.collector.wait_incident("panic")
        self.eventually(lambda: self.collector.hits("Rebooting in"), 20, "the last line")

    def db(self, *words, expect=FOUND):
        done = lastgasp("db", *words, check=False)
        self.assertEqual(done.returncode, expect, done.stdout + done.stderr)
        return done.stdout + (done.stderr if expect == ERROR else b"")

    def test_info_and_export_with_the_daemon_alive_and_dead(self):
        data = ["--data", self.collector.data]
        for alive in (True, False):
            if not alive:
                self.collector.stop()
            info = json.loads(self.db("info", *data, "--output", "json"))
            self.assertEqual(info["holder"] is not None, alive)
            self.assertEqual((info["format"], info["consoles"]), (3, 2))
            self.assertIn(b"format 3", self.db("info", *data))
            self.assertIn(b"fine", self.db("check", *data))

            raw = self.db("export", *data, "--console", "core1", "--raw")
            self.assertEqual(raw, BEFORE + DUMP)
            self.assertEqual(self.db("export", *data, "--console", "edge*", "--raw"),
                             b"hello \xe9\xff\r\n")
            file = self.folder / "export.txt"
            self.db("export", *data, "--console", "*", "--text", "-o", file)
            text = file.read_bytes()
            self.assertIn(b"edge1: hello \\xe9\\xff\n", text)
            self.assertEqual(text.count(b"core1: before "), 200)

            number = self.incident["id"]
            crash = self.db("export", *data, "--incident", number, "--raw")
            self.assertIn(crash, raw)
            self.assertIn(b"Kernel panic - not syncing", crash)
            lines = self.db("export", *data, "--incident", number, "--text").splitlines()
            self.assertFalse([line for line in lines if b"edge1" in line])
            self.assertGreater(len(lines), 50)
            self.db("export", *data, "--console", "*", "--raw", expect=ERROR)
            self.db("export", *data, "--console", "nobody", "--raw", expect=NOTHING)

    def test_damage_is_found_and_repaired(self):
        data = self.collector.data
        self.assertIn(b"stop the daemon", self.db("repair", data, expect=ERROR))
        self.collector.stop()
        hot = data / "hot.db"
        with sqlite3.connect(hot) as connection:
            row, blob = connection.execute("SELECT seq, data FROM journal ORDER BY length(data)"
                                           " DESC LIMIT 1").fetchone()
        bytes_ = bytearray(hot.read_bytes())
        at = bytes(bytes_).index(blob[:40]) + 20
        bytes_[at] ^= 1
        hot.write_bytes(bytes_)

        problems = [json.loads(line) for line in self.db(
            "check", data, "--output", "jsonl", expect=NOTHING).splitlines()]
        self.assertEqual([(p["table"], p["row"]) for p in problems], [("journal", row)])
        self.assertIn(b"lastgasp db repair", self.db("check", data, expect=NOTHING))
        self.assertEqual(self.collector.hits("hello"), ["hello \xe9\xff"])

        told = self.db("repair", data)
        self.assertIn(b"lost: journal row %d" % row, told)
        self.assertEqual((data / "hot.db.damaged").read_bytes(), bytes_)
        self.assertIn(b"fine", self.db("check", data))
        self.assertEqual(self.collector.hits("hello"), ["hello \xe9\xff"])
        self.assertEqual(len(self.collector.incidents("panic")), 1)
        self.collector.start()

    def test_a_newer_format_is_refused_by_every_verb(self):
        self.collector.stop()
        data = self.collector.data
        with sqlite3.connect(data / "hot.db") as connection:
            connection.execute("UPDATE meta SET v=99 WHERE k='format'")
        for words in (["info", "--data", data], ["check", data], ["repair", data],
                      ["export", "--data", data, "--console", "*", "--text"]):
            self.assertIn(b"newer lastgasp (format 99", self.db(*words, expect=ERROR), words)
        for words in (["search", "hello", "--data", data], ["tail", "core1", "--data", data],
                      ["run", self.router.endpoint, "--data", data]):
            done = lastgasp(*words, check=False)
            self.assertEqual(done.returncode, ERROR, words)
            self.assertIn(b"newer lastgasp (format 99", done.stderr, words)
            self.assertIn(b"upgrade this lastgasp, or give it another folder", done.stderr, words)

    def test_a_second_daemon_is_refused_and_told_who_is_there(self):
        done = lastgasp("run", self.other.endpoint, "--data", self.collector.data, "--listen",
                        f"{LOOPBACK}:{free_port()}", check=False)
        self.assertEqual(done.returncode, ERROR)
        self.assertIn(b"in use by another lastgasp daemon (process %d)"
                      % self.collector.process.pid, done.stderr)
        self.router.say("heard on\r\n")
        self.eventually(lambda: self.collector.hits("heard on"), 20, "the first one collecting")
        self.assertEqual(self.other.connections, 1)

    def test_a_damaged_log_is_kept_told_and_salvaged(self):
        self.collector.kill()
        data, wal = self.collector.data, self.collector.data / "hot.db-wal"
        bytes_ = bytearray(wal.read_bytes())
        bytes_[32 + 24 + 100] ^= 1  # the first page of the log
        wal.write_bytes(bytes_)
        self.assertIn(b"lastgasp db repair", self.db("check", data, expect=NOTHING))
        self.collector.start()
        kept, = [file for file in data.glob("hot.db.damaged-*") if file.name[-1].isdigit()]
        self.assertIn(f"lastgasp db repair {kept} --into", self.collector.process.log())
        self.assertEqual(kept.with_name(kept.name + "-wal").read_bytes(), bytes_)
        self.assertEqual(self.collector.hits("before 199"), [])
        self.router.wait_connected(connections=2).say("heard on\r\n")
        self.eventually(lambda: self.collector.hits("heard on"), 20, "collecting again")

        saved = self.folder / "saved"
        self.db("repair", kept, "--into", saved)
        done = lastgasp("search", "before 199", "--data", saved)
        self.assertIn(b"before 199", done.stdout)


if __name__ == "__main__":
    unittest.main()
