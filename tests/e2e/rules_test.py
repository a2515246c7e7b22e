"""Rules are looked into, tried out on what was recorded, and drafted from what they miss; a bad one
costs nobody the others."""

import json
import unittest

from lab.case import REPOSITORY, Scenario
from lab.collector import FOUND, NOTHING, Collector, lastgasp
from lab.console_peer import ConsolePeer

CAPTURES = REPOSITORY / "tests/data/captures"
OOPS = CAPTURES / "linux-mod-oops-panic.log"

GOOD = """pack: ours
rules:
  - id: ours.flux
    kind: hardware
    match: 'flux capacitor overrun on bay (?P<bay>\\d+)'
    unless: 'simulated'
    platform: [netbsd]
    title: 'Flux capacitor of bay {bay} overran'
    samples: ['widgetd: flux capacitor overrun on bay 7']
"""
BROKEN = """  - {id: ours.broken, kind: login, match: 'a(', samples: [a]}
"""
SLOW = """  - {id: ours.slow, kind: login, match: '[0-9a-f].{30}z', samples: [a]}
"""


def rows(*arguments):
    done = lastgasp("rules", *arguments, "--output", "jsonl")
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


class Explain(Scenario):
    def setUp(self):
        super().setUp()
        self.packs = self.folder / "rules.d"
        self.packs.mkdir()
        (self.packs / "ours.yaml").write_text(GOOD)

    def explain(self, *arguments):
        done = lastgasp("rules", "explain", "--rules", self.packs, *arguments)
        return done.returncode, done.stdout.decode()

    def test_a_line(self):
        code, text = self.explain("\x1b[1mwidgetd: flux capacitor overrun on bay 12")
        self.assertEqual(code, FOUND)
        self.assertIn("line 1  widgetd: flux capacitor overrun on bay 12\n", text)
        self.assertIn("ours.flux  warning hardware\n", text)
        self.assertIn("bay = 12\n", text)
        self.assertIn("opened incident 1: Flux capacitor of bay 12 overran\n", text)

    def test_what_keeps_a_rule_from_a_line(self):
        code, text = self.explain("flux capacitor overrun on bay 1", "--platform", "junos")
        self.assertEqual(code, NOTHING)
        self.assertIn("not ours.flux: it is for netbsd, and this is junos\n", text)
        code, text = self.explain("simulated flux capacitor overrun on bay 1")
        self.assertEqual(code, NOTHING)
        self.assertIn("not ours.flux: its `unless` holds it back\n", text)
        self.assertIn("no rule matches\n", text)

    def test_a_file(self):
        code, text = self.explain(OOPS)
        self.assertEqual(code, FOUND)
        self.assertRegex(text, r"line 335  \[.*\n    linux\.\w+  critical \w+\n")
        self.assertIn("opened incident 1: ", text)
        self.assertIn("joined incident 1 as an effect: ", text)
        self.assertRegex(text, r"(?m)^incident 1  lines 335-\d+  critical panic  ")
        self.assertRegex(text, r"(?m)^boot at line \d+  ")
        self.assertRegex(text, r"(?m)^platform linux$")

    def test_a_file_for_scripts(self):
        done = lastgasp("rules", "explain", OOPS, "--output", "json")
        document = json.loads(done.stdout)
        self.assertEqual(len(document["incidents"]), 1)
        self.assertEqual(document["platform"], "linux")
        self.assertEqual(len(document["boots"]), 1)
        verdicts = [hit["verdict"] for line in document["lines"] for hit in line["hits"]]
        self.assertEqual(verdicts.count("opened"), 1)
        self.assertIn("joined", verdicts)
        lines = [row for row in rows("explain", OOPS) if "line" in row]
        self.assertEqual(lines, document["lines"])

    def test_what_an_operator_asked_for(self):
        quoted = self.folder / "quoted.log"
        quoted.write_text("r1# show log\nKernel panic - not syncing: Fatal exception\nr1# exit\n")
        code, text = self.explain(quoted)
        self.assertIn("no incident: quoted by `show log`, which an operator typed\n", text)
        self.assertNotIn("incident 1", text)

    def test_what_shows_only_later(self):
        died = self.folder / "died.log"
        died.write_text("r1# show log\nKernel panic - not syncing: Fatal exception\n\n"
                        "U-Boot 2022.10 (Oct 01 2022)\n\nlogin: \n")
        code, text = self.explain(died)
        self.assertRegex(text, r"line 2 \(decided later\)  Kernel panic.*\n.*\n"
                               r" *opened incident 1: Kernel panic: Fatal exception\n")
        self.assertRegex(text, r"(?m)^boot at line 4  reason crash: Kernel panic")

    def test_nothing_to_explain(self):
        quiet = self.folder / "quiet.log"
        quiet.write_text("all is well\n" * 20)
        for what in ("all is well", quiet):
            code, text = self.explain(what)
            self.assertEqual(code, NOTHING)
            self.assertIn("no rule matches\n", text)


class Listing(Scenario):
    def test_filters(self):
        self.assertEqual({row["kind"] for row in rows("list", "--kind", "oom")}, {"oom"})
        self.assertEqual({row["pack"] for row in rows("list", "--pack", "netbsd")}, {"netbsd"})
        self.assertTrue(all(row["experimental"] for row in rows("list", "--experimental")))
        for row in rows("list", "--platform", "openbsd"):
            self.assertTrue(not row["platforms"] or "openbsd" in row["platforms"], row["id"])
        self.assertLess(len(rows("list", "--platform", "openbsd")), len(rows("list")))
        self.assertEqual(lastgasp("rules", "list", "--pack", "none").returncode, NOTHING)
        self.assertEqual(lastgasp("rules", "list", "--kind", "bad", check=False).returncode, 2)

    def test_coverage(self):
        table = lastgasp("rules", "coverage").stdout.decode().splitlines()
        self.assertTrue(table[0].startswith("| pack | platforms |"))
        self.assertEqual(len({line.count("|") for line in table}), 1)


class Suggest(Scenario):
    LINE = "[  71.{0}] fwdd: fatal assertion in widget {0} at 0x7ffe{0}\n"

    def setUp(self):
        super().setUp()
        self.log = self.folder / "router.log"
        self.log.write_text("all is well\n" + "".join(self.LINE.format(n) for n in range(30)) +
                            "Kernel panic - not syncing: Fatal exception\n"
                            "lcdd: watchdog asks why\n" * 3)

    def test_ranks_what_no_rule_knows(self):
        first, *others = rows("suggest", self.log)
        self.assertEqual(first["shape"], "fwdd: fatal assertion in widget # at 0x#")
        self.assertEqual((first["count"], first["consoles"]), (30, 1))
        self.assertEqual((first["first"], first["last"]), ("line 2", "line 31"))
        for row in others:
            self.assertLessEqual(row["count"], 30)
            self.assertNotIn("not syncing", row["shape"])

    def test_drafts_a_rule_that_closes_the_gap(self):
        packs = self.folder / "rules.d"
        packs.mkdir()
        draft = lastgasp("rules", "suggest", self.log, "--yaml").stdout
        (packs / "ours.yaml").write_bytes(draft)
        done = lastgasp("rules", "test", packs / "ours.yaml")
        self.assertEqual(done.returncode, FOUND, done.stdout.decode())
        left = [row["shape"] for row in rows("suggest", self.log, "--rules", packs)]
        self.assertNotIn("fwdd: fatal assertion in widget # at 0x#", left)

    def test_nothing_to_suggest(self):
        self.log.write_text("all is well\n")
        self.assertEqual(lastgasp("rules", "suggest", self.log).returncode, NOTHING)

    def test_from_the_store(self):
        router = ConsolePeer(self)
        collector = Collector(self, {"consoles": [{"name": "r1", "endpoint": router.endpoint}]})
        router.wait_connected().say(self.log.read_bytes())
        self.eventually(lambda: collector.hits("watchdog asks why"), 20, "the last line")
        first = rows("suggest", "--data", collector.data, "--console", "r*")[0]
        self.assertEqual((first["count"], first["consoles"]), (30, 1))
        self.assertRegex(first["first"], r"^\d{4}-\d\d-\d\dT.*Z$")
        self.assertEqual(rows("suggest", "--data", collector.data, "--console", "x*"), [])


class Backtest(Scenario):
    def setUp(self):
        super().setUp()
        router = ConsolePeer(self)
        self.collector = Collector(self, {"consoles": [{"name": "r1", "endpoint": router.endpoint}]})
        router.wait_connected().say(b"widgetd: flux capacitor overrun on bay 7\r\n" +
                                    OOPS.read_bytes())
        self.eventually(lambda: self.collector.hits("Rebooting in"), 20, "the last line")
        self.incident = self.collector.wait_incident("panic")
        self.pack = self.folder / "ours.yaml"

    def backtest(self, *arguments):
        done = lastgasp("rules", "backtest", *arguments, "--data", self.collector.data, "--output",
                        "json")
        result = json.loads(done.stdout)
        self.assertEqual(done.returncode == FOUND,
                         any(result[group] for group in ("same", "new", "gone")))
        return result

    def check_same(self):
        result = self.backtest()
        self.assertEqual([row["stored"]["id"] for row in result["same"]], [self.incident["id"]])
        self.assertEqual((result["new"], result["gone"]), ([], []))
        self.assertEqual(result["consoles"], 1)
        self.assertGreaterEqual(result["bytes"], OOPS.stat().st_size)

    def test_the_same_rules_find_the_same_with_the_daemon_alive_and_dead(self):
        self.check_same()
        self.collector.kill()
        self.check_same()

    def test_a_pack_to_try_finds_more(self):
        self.pack.write_text(GOOD.replace("    platform: [netbsd]\n", ""))
        result = self.backtest(self.pack)
        self.assertEqual(len(result["same"]), 1)
        self.assertEqual([row["incident"]["title"] for row in result["new"]],
                         ["Flux capacitor of bay 7 overran"])
        text = lastgasp("rules", "backtest", self.pack, "--data", self.collector.data).stdout.decode()
        self.assertRegex(text, r"(?m)^new   \S+Z  r1  ours\.flux  warning hardware  Flux capacitor")
        self.assertRegex(text, r"(?m)^1 same, 1 new, 0 gone; 1 consoles, ")

    def test_a_pack_to_try_finds_less(self):
        self.pack.write_text("pack: ours\ndisable: [%s]\n" % ", ".join(
            row["id"] for row in rows("list", "--pack", "linux")))
        result = self.backtest(self.pack)
        self.assertEqual(result["same"], [])
        self.assertEqual([row["stored"]["id"] for row in result["gone"]], [self.incident["id"]])

    def test_other_times_and_consoles(self):
        for arguments in (["--console", "x*"], ["--until", "1 hours ago"]):
            result = self.backtest(*arguments)
            self.assertEqual((result["same"], result["new"], result["gone"]), ([], [], []))


class BadRules(Scenario):
    def setUp(self):
        super().setUp()
        self.packs = self.folder / "rules.d"
        self.packs.mkdir()
        self.pack = self.packs / "ours.yaml"
        self.pack.write_text(GOOD + BROKEN + SLOW)

    def tells(self, text):
        """Both bad rules by name and place, with reason and cost."""
        self.assertIn(f"{self.pack}:10:43: rule ours.broken is refused: match of rule ours.broken is "
                      "no RE2 expression: missing ): a(", text)
        self.assertRegex(text, f"{self.pack}:11: rule ours.slow is refused: match is too expensive: "
                               r"it reads ordinary lines \d+ times slower than a plain rule")

    def test_commands_name_them_and_use_the_rest(self):
        config = self.folder / "lastgasp.yaml"
        config.write_text(f"rules: {{folder: {self.packs}}}\nconsoles: []\n")
        for arguments in (["check", config], ["rules", "test", self.pack]):
            done = lastgasp(*arguments)
            self.assertEqual(done.returncode, NOTHING)
            self.tells(done.stdout.decode())
        log = self.folder / "router.log"
        log.write_text("widgetd: flux capacitor overrun on bay 7\n")
        done = lastgasp("scan", log, "--rules", self.packs, "--output", "jsonl")
        self.assertEqual(json.loads(done.stdout)["rule"], "ours.flux")
        self.tells(done.stderr.decode())
        self.assertEqual(lastgasp("rules", "show", "ours.flux", "--rules", self.packs).returncode, FOUND)

    def test_the_collector_starts_and_reloads_without_them(self):
        router = ConsolePeer(self)
        config = {"rules": {"folder": str(self.packs)},
                  "consoles": [{"name": "r1", "endpoint": router.endpoint}]}
        collector = Collector(self, config)
        self.tells(collector.process.log())
        router.wait_connected().say("widgetd: flux capacitor overrun on bay 7\r\n")
        self.assertEqual(collector.wait_incident("hardware")["rule"], "ours.flux")

        self.pack.write_text(GOOD.replace("ours.flux", "ours.flow") +
                             BROKEN.replace("ours.broken", "ours.ruined"))
        status, text = collector.reload()
        self.assertEqual(status, 200, text)
        self.assertIn("rule ours.ruined is refused: ", collector.process.log())

        self.pack.write_text("pack: [ours\n")
        status, text = collector.reload()
        self.assertGreaterEqual(status, 400)
        self.assertIn("ours.yaml:2:1: ", text)
        router.say("widgetd: flux capacitor overrun on bay 8\r\n")
        self.eventually(lambda: collector.metric("rule_matches_total", rule="ours.flow") == 1, 20,
                        "a match of the rules in force")


if __name__ == "__main__":
    unittest.main()
