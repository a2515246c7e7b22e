"""Boots are kept with their lines: listed, searched one by one, and compared; a crash is found again
elsewhere."""

import json
import unittest

from lab.case import REPOSITORY, Scenario
from lab.collector import FOUND, NOTHING, Collector, lastgasp
from lab.console_peer import ConsolePeer

CAPTURE = (REPOSITORY / "tests/data/captures/linux-sysrq-crash-rebootloop.log").read_bytes()
OOPS = (REPOSITORY / "tests/data/captures/linux-mod-oops-panic.log").read_bytes()
BANNER = b"[    0.000000] Linux version"
ERROR = 2


def boots_of(capture):
    """The capture, cut before every banner."""
    return [BANNER + boot for boot in capture.split(BANNER)[1:]]


class Boots(Scenario):
    def setUp(self):
        super().setUp()
        self.first, self.second, self.third = boots_of(CAPTURE)
        self.routers = {name: ConsolePeer(self) for name in ("core1", "edge1")}
        self.collector = Collector(self, {"consoles": [
            {"name": name, "endpoint": router.endpoint} for name, router in self.routers.items()]})
        for router in self.routers.values():
            router.wait_connected()

    def run_command(self, *arguments, check=True):
        return lastgasp(*arguments, "--data", self.collector.data, check=check)

    def rows(self, *arguments):
        done = self.run_command(*arguments, "--output", "jsonl")
        return [json.loads(line) for line in done.stdout.decode().splitlines()]

    def say(self, console, boot):
        """One boot, once all before it is on disk: a read holds lines of this boot alone."""
        before = len(self.rows("boots", console))
        self.routers[console].say(boot)
        last = boot.rstrip().split(b"\n")[-1].decode().strip()
        self.eventually(
            lambda: len(self.rows("boots", console)) == before + 1
            and self.collector.hits(last, "--console", console, "--boot"), 20,
            f"{last!r} of a boot of {console}")

    def test_are_listed_newest_first_with_why_and_how_long(self):
        self.assertEqual(self.run_command("boots").returncode, NOTHING)
        self.say("core1", self.first)
        self.say("core1", self.second + b"Welcome to Debian\r\n\r\ncore1 login: \r\n")
        self.say("edge1", self.third)
        core = self.rows("boots", "core*")
        self.assertEqual([boot["number"] for boot in core], [1, 2])
        self.assertEqual(core[0]["reason"], "crash")
        self.assertIn("Kernel panic", core[0]["evidence"])
        self.assertEqual(core[1]["reason"], "unknown")
        self.assertIsNone(core[1]["done"])
        self.assertGreaterEqual(core[0]["seconds"], 0)
        self.assertEqual(core[0], self.rows("boots", "-n", "2")[1])
        self.assertEqual([boot["console"] for boot in self.rows("boots")],
                         ["edge1", "core1", "core1"])
        self.assertEqual(self.rows("boots", "--since", "1h", "--until", core[0]["began"]),
                         [core[1]])
        document = json.loads(self.run_command("boots", "core1", "--output", "json").stdout)
        self.assertEqual(document, core)
        self.assertIn("(crash)", self.run_command("consoles").stdout.decode())
        last = {row["name"]: row["last_boot"] for row in self.rows("consoles")}
        self.assertEqual(last["core1"], {"began": core[0]["began"], "reason": "crash"})

    def test_outlive_the_collector(self):
        self.say("core1", self.first)
        self.collector.stop()
        self.assertEqual(len(self.rows("boots", "core1")), 1)
        self.collector.start()
        self.routers["core1"].wait_connected(connections=2)
        self.say("core1", self.second)
        self.assertEqual([boot["number"] for boot in self.rows("boots", "core1")], [1, 2])

    def test_one_nobody_saw_the_end_of_goes_on_to_the_next(self):
        self.say("core1", self.first)
        self.collector.kill()
        self.collector.start()
        core1 = self.routers["core1"]
        core1.wait_connected(connections=2).say("widget meanwhile\r\n")
        self.eventually(lambda: self.collector.hits("widget"), 20, "the line after the restart")
        on = ("--console", "core1", "--boot")
        row, = self.rows("boots", "core1")
        self.assertEqual((row["done"], row["seconds"]), (None, None))
        self.assertIn("  unfinished  ", self.run_command("boots", "core1").stdout.decode())
        self.assertEqual(self.collector.hits("widget", *on), ["widget meanwhile"])

        self.say("core1", self.second.replace(b"\r\n", b"\r\nwidget of the next\r\n", 1))
        self.assertEqual(self.collector.hits("widget", *on), ["widget of the next"])
        self.assertEqual(self.collector.hits("widget", *on, "2"), ["widget meanwhile"])
        self.assertEqual([row["done"] for row in self.rows("boots", "core1")], [None, None])

    def test_one_boot_is_searched_and_shown(self):
        self.say("core1", self.first.replace(b"\r\n", b"\r\nwidget of the first\r\n", 1))
        self.say("core1", self.second.replace(b"\r\n", b"\r\nwidget of the second\r\n", 1))
        on = ("--console", "core1")
        self.assertEqual(self.collector.hits("widget", *on, "--boot"), ["widget of the second"])
        self.assertEqual(self.collector.hits("widget", *on, "--boot", "2"), ["widget of the first"])
        whole = self.rows("tail", "core1", "-n", "9999")
        tails = [self.rows("tail", "core1", "-n", "9999", "--boot", number) for number in "21"]
        self.assertEqual([line for line in whole if line["kind"] == "data"], tails[0] + tails[1])
        for wrong in (("search", "widget", *on, "--boot", "3"), ("search", "widget", "--boot"),
                      ("search", "widget", "--console", "*", "--boot"),
                      ("search", "widget", *on, "--since", "1h", "--boot"),
                      ("tail", "core1", "-f", "--boot"), ("tail", "core1", "--boot", "0")):
            with self.subTest(wrong):
                self.assertEqual(self.run_command(*wrong, check=False).returncode, ERROR)

    def test_differ_in_what_is_new_and_missing_but_not_in_times(self):
        self.say("core1", self.first)
        self.say("core1", self.first.replace(b"3.594115] Rebooting", b"4.701200] Rebooting"))
        same = self.run_command("diff", "core1")
        self.assertEqual(same.returncode, NOTHING, same.stdout.decode())
        self.assertIn(b"0 new, 0 missing, ", same.stdout)

        lines = self.first.splitlines(keepends=True)
        gone = next(i for i, line in enumerate(lines) if b"Memory: " in line)
        new = [b"[    1.5] widget0: \x1b[31mno carrier\r\n", b"[    1.6] widget0: no carrier\r\n"]
        self.say("core1", b"".join(lines[:gone] + lines[gone + 1:gone + 5] + new +
                                   lines[gone + 5:]))
        self.assertEqual([(row["change"], row["count"]) for row in self.rows("diff", "core1")],
                         [("missing", 1), ("new", 2)])
        done = self.run_command("diff", "core1")
        self.assertEqual(done.returncode, FOUND)
        text = done.stdout.decode().splitlines()
        self.assertRegex(text[0], r"^--- core1 boot 2  .* \(crash\)  \d+ lines$")
        self.assertRegex(text[1], r"^\+\+\+ core1 boot 1 ")
        self.assertEqual(text[2], "- " + lines[gone].decode().strip())
        self.assertEqual(text[3], "+ [    1.5] widget0: no carrier  (2 times)")
        self.assertRegex(text[4], r"^1 new, 1 missing, [1-9]\d+ in both$")

        back = json.loads(self.run_command("diff", "core1", "1", "3", "--output", "json").stdout)
        self.assertEqual((back["older"]["number"], back["newer"]["number"]), (1, 3))
        self.assertEqual([change["change"] for change in back["changes"]], ["new", "missing"])

        for wrong in (("core1", "4"), ("core1", "0"), ("edge1",), ("nobody",)):
            with self.subTest(wrong):
                self.assertEqual(self.run_command("diff", *wrong, check=False).returncode, ERROR)

    def test_end_where_the_system_is_up(self):
        for extra in (b"", b"[    9.0] widget0: up\r\n"):
            self.say("core1", self.first[:4000].rpartition(b"\n")[0] + b"\n" + extra +
                     b"core1 login: \r\nroot logged in\r\n")
        after = b"[   99.0] widget9: after the boot\r\n"
        self.routers["core1"].say(after)
        self.eventually(lambda: self.collector.hits("widget9"), 10, "the line after the boot")
        self.assertEqual([row["text"] for row in self.rows("diff", "core1")],
                         ["[    9.0] widget0: up"])

    def test_a_crash_is_found_on_other_consoles(self):
        self.routers["core1"].say(OOPS)
        panic = self.collector.wait_incident("panic")
        self.assertEqual(self.run_command("similar", panic["id"]).returncode, NOTHING)
        self.routers["edge1"].say(OOPS)
        other = self.eventually(
            lambda: self.collector.incidents("panic", "--console", "edge1"), 20, "its like")[0]
        match, = self.rows("similar", panic["id"])
        self.assertTrue(match["same_fingerprint"])
        self.assertEqual((match["console"], match["last_id"], match["incidents"]),
                         ("edge1", other["id"], 1))
        text = self.run_command("similar", other["id"]).stdout.decode()
        self.assertRegex(text, r"same crash +core1 ")
        self.assertEqual(self.run_command("similar", "99", check=False).returncode, ERROR)

    def test_a_title_with_most_of_its_words_is_similar(self):
        said = b"[   11.000000] Kernel panic - not syncing: %s\r\n"
        self.routers["core1"].say(said % b"VFS: Unable to mount root fs on unknown-block(0,0)")
        panic = self.collector.wait_incident("panic")
        self.routers["edge1"].say(said % b"VFS: Unable to mount root fs via NFS.")
        self.eventually(lambda: self.collector.incidents("panic", "--console", "edge1"), 20,
                        "the other panic")
        match, = self.rows("similar", panic["id"])
        self.assertFalse(match["same_fingerprint"])
        self.assertGreaterEqual(match["similarity"], 0.5)
        self.assertLess(match["similarity"], 1)


if __name__ == "__main__":
    unittest.main()
