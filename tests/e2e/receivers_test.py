"""Each receiver hears exactly what its filter lets pass, beginning and end; one that hangs, fails or is
away holds up nobody else and loses nothing."""

import json
import os
import stat
import unittest
from pathlib import Path

from lab.case import Scenario
from lab.collector import Collector, lastgasp
from lab.console_peer import ConsolePeer
from lab.monitoring import Alertmanager
from lab.net import http
from lab.webhook import Webhook

PANIC = ("[  5.1] Kernel panic - not syncing: Fatal exception\r\n"
         "[  5.3] ---[ end Kernel panic - not syncing: Fatal exception ]---\r\n")
HOSTILE = ("[  5.1] Kernel panic - not syncing: $(touch owned) `touch owned`; touch owned '\"& \x1b[1m\r\n"
           "[  5.3] ---[ end Kernel panic - not syncing: $(touch owned) ]---\r\n")
BOOT = ("[    0.000000] Linux version 6.1.0 (gcc) #1 SMP\r\n"
        "[    2.000000] systemd[1]: Startup finished\r\nWelcome to Debian\r\n\r\nlogin: ")
WARNING = "DISK sda1 is slow\r\n"
PACK = """pack: lab
rules:
  - {id: lab.disk, kind: storage, severity: warning, match: 'DISK (?P<what>.+)', title: 'Disk: {what}',
     samples: ['DISK sda1 is slow']}
"""
# Keeps what it was given, in a folder for each run.
PAGER = """#!/bin/sh
run=$(mktemp -d "$1/run.XXXXXX")
shift
cat > "$run/input"
env > "$run/environment"
printf '%s\\n' "$@" > "$run/arguments"
pwd > "$run/cwd"
mv "$run" "${run%/*}/done.${run##*.}"
"""
HANGS = """#!/bin/sh
echo $$ >> "$1/hung"
sleep 1000 &
echo $! >> "$1/hung"
wait
"""
# Fails until a file is there.
FAILS = """#!/bin/sh
echo tried >> "$1/tries"
[ -e "$1/works" ] || { echo 'no <route>' >&2; exit 7; }
exec cat > "$1/$LASTGASP_STATUS"
"""


def children_of(pid):
    """Its living and its zombie children."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            name_and_rest = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(name_and_rest[1]) == pid:
            found.append(int(entry.parent.name))
    return found


class Receivers(Scenario):
    def setUp(self):
        super().setUp()
        self.core, self.edge = ConsolePeer(self), ConsolePeer(self)
        (self.folder / "rules.d").mkdir()
        (self.folder / "rules.d" / "lab.yaml").write_text(PACK)

    def config(self, receivers, **more):
        return {"rules": {"folder": str(self.folder / "rules.d")},
                "incidents": {"resolve_after": "1s"},
                "receivers": receivers,
                "consoles": [
                    {"name": "core1", "endpoint": self.core.endpoint, "labels": {"site": "fra1"}},
                    {"name": "edge1", "endpoint": self.edge.endpoint, "labels": {"site": "ber1"}}],
                **more}

    def collect(self, receivers, **more):
        collector = Collector(self, self.config(receivers, **more))
        for peer in (self.core, self.edge):
            peer.wait_connected()
        return collector

    def program(self, name, text):
        """[its path, a folder of its own], as `exec` takes them."""
        path, folder = self.folder / name, self.folder / f"{name}.d"
        path.write_text(text)
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        folder.mkdir()
        return [str(path), str(folder)]

    def runs(self, program):
        """[(input, environment, arguments, cwd)] of each run of PAGER, by incident, firing first."""
        found = []
        for run in Path(program[1]).glob("done.*"):
            environment = dict(line.partition("=")[::2]
                               for line in (run / "environment").read_text().splitlines())
            found.append((json.loads((run / "input").read_text()), environment,
                          (run / "arguments").read_text().splitlines(), (run / "cwd").read_text()))
        return sorted(found, key=lambda run: (int(run[1]["LASTGASP_INCIDENT"]),
                                              run[1]["LASTGASP_STATUS"]))

    def told(self, program):
        return [(run[0]["status"], run[0]["commonLabels"]["console"], run[0]["commonLabels"]["kind"])
                for run in self.runs(program)]

    def deliveries(self, collector, incident):
        story = collector.get(f"/api/v1/incidents/{incident}")
        return {one["receiver"]: one for one in story["deliveries"]}

    def open_and_end_three(self, collector):
        """A panic on core1, a panic and a warning on edge1; all resolved at the end."""
        self.core.say(PANIC)
        self.edge.say(WARNING)
        self.eventually(lambda: collector.incidents("panic") and collector.incidents("storage"), 20,
                        "the first two")
        self.eventually(lambda: collector.incidents("storage")[0]["resolved"], 20,
                        "the end of the warning")
        self.edge.say(PANIC)
        self.eventually(lambda: len(collector.incidents("panic")) == 2, 20, "the second panic")
        self.core.say(BOOT)
        self.edge.say(BOOT)
        self.eventually(lambda: not collector.incidents(None, "--open"), 30, "the end of all")

    def test_each_hears_what_its_filter_lets_pass(self):
        """That an Alertmanager is told of the end, 15 minutes later, is integration.alertmanager's."""
        alertmanager = Alertmanager(self)
        everything, grave = Webhook(self), Webhook(self)
        pager = self.program("pager", PAGER)
        names = {"am": 1, "all": 6, "grave": 4, "pager": 2}
        collector = self.collect([
            {"alertmanager": alertmanager.url, "name": "am", "kind": "storage"},
            {"webhook": everything.url + "/T0KEN", "name": "all", "headers": {"X-Team": "noc"}},
            {"webhook": grave.url, "name": "grave", "severity": ["critical"]},
            {"exec": [*pager, "a b", "$HOME"], "name": "pager", "kind": ["panic", "oom"],
             "labels": {"site": "fra*"}}])
        for name in names:
            for counter in ("notifications_total", "notification_failures_total",
                            "notifications_dropped_total"):
                self.assertEqual(collector.metric("alert_" + counter, receiver=name), 0)
            self.assertEqual(collector.metric("alert_queue_length", receiver=name), 0)

        self.open_and_end_three(collector)
        for name, sent in names.items():
            self.eventually(lambda: (collector.metric("alert_notifications_total", receiver=name) or 0)
                            >= sent and collector.metric("alert_queue_length", receiver=name) <= 1,
                            20, f"what {name} is to hear")

        panics = [("firing", "core1", "panic"), ("resolved", "core1", "panic"),
                  ("firing", "edge1", "panic"), ("resolved", "edge1", "panic")]
        warning = [("firing", "edge1", "storage"), ("resolved", "edge1", "storage")]
        self.assertEqual(sorted(everything.told()), sorted(panics + warning))
        self.assertEqual(sorted(grave.told()), sorted(panics))
        self.assertEqual(self.told(pager), panics[:2])
        self.assertEqual({alert["labels"]["kind"] for alert in alertmanager.alerts()}, {"storage"})
        self.assertEqual(everything.headers[0]["X-Team"], "noc")
        for hook in (everything, grave):
            for incident in {post["groupKey"] for post in hook.posts}:
                self.assertEqual([post["status"] for post in hook.posts
                                  if post["groupKey"] == incident], ["firing", "resolved"])
        for _, environment, arguments, cwd in self.runs(pager):
            self.assertEqual((arguments, cwd), (["a b", "$HOME"], "/\n"))
            self.assertEqual((environment["LASTGASP_CONSOLE"], environment["LASTGASP_SEVERITY"]),
                             ("core1", "critical"))
        for name in names:
            self.assertEqual(
                collector.metric("alert_notification_failures_total", receiver=name), 0)
        self.everybody_can_see_it(collector)

    def everybody_can_see_it(self, collector):
        panic = next(one for one in collector.incidents("panic") if one["console"] == "core1")
        deliveries = self.deliveries(collector, panic["id"])
        self.assertEqual(set(deliveries), {"all", "grave", "pager"})
        for delivery in deliveries.values():
            self.assertEqual((delivery["state"], delivery["error"]), ("accepted", ""))
            self.assertEqual(delivery["sent"], delivery["accepted"])
        status, page = http(f"{collector.url}/incidents/{panic['id']}")
        self.assertEqual(status, 200)
        self.assertIn(b"Alerts sent", page)
        self.assertIn(b"pager: accepted", page)
        self.assertNotIn(b"T0KEN", page)

    def test_one_that_hangs_is_killed_and_delays_nobody(self):
        hangs = self.program("hangs", HANGS)
        pager, hook = self.program("pager", PAGER), Webhook(self)
        collector = self.collect([{"exec": hangs, "name": "hangs", "timeout": "3s"},
                                  {"exec": pager, "name": "pager"},
                                  {"webhook": hook.url, "name": "hook"}])
        self.core.say(PANIC)
        self.eventually(lambda: hook.told() and self.told(pager), 20, "what the others are told")
        # They did not wait for its time limit.
        self.assertEqual(
            collector.metric("alert_notification_failures_total", receiver="hangs"), 0)
        self.eventually(lambda: collector.metric("alert_notification_failures_total",
                                                 receiver="hangs") >= 2, 30, "the second try")
        delivery = self.deliveries(collector, collector.incidents("panic")[0]["id"])["hangs"]
        self.assertEqual((delivery["state"], delivery["accepted"]), ("waiting", None))
        self.assertEqual(delivery["error"], "did not end within 3s")
        self.assertEqual(collector.metric("alert_queue_length", receiver="hangs"), 1)

        files = len(os.listdir(f"/proc/{collector.process.pid}/fd"))
        tries = collector.metric("alert_notification_failures_total", receiver="hangs")
        self.eventually(lambda: collector.metric("alert_notification_failures_total",
                                                 receiver="hangs") > tries, 30, "another try")
        self.eventually(lambda: not children_of(collector.process.pid), 20,
                        "a moment without a child: none is left, not even as a zombie")
        self.assertLessEqual(len(os.listdir(f"/proc/{collector.process.pid}/fd")), files + 3)
        collector.stop()  # within its time, though one may be hanging
        for pid in (Path(hangs[1]) / "hung").read_text().split():
            self.eventually(lambda: self.is_gone(pid), 10, f"the end of {pid}")

    @staticmethod
    def is_gone(pid):
        """Or a zombie of whoever adopted it."""
        try:
            return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
        except OSError:
            return True

    def test_one_that_fails_is_tried_again_until_it_works(self):
        fails = self.program("fails", FAILS)
        collector = self.collect([{"exec": fails, "name": "fails"}])
        self.core.say(PANIC)
        self.eventually(lambda: collector.metric("alert_notification_failures_total",
                                                 receiver="fails") >= 2, 20, "two failures")
        panic = collector.incidents("panic")[0]["id"]
        self.assertEqual(self.deliveries(collector, panic)["fails"]["error"],
                         "exited with status 7: no <route>")
        status, page = http(f"{collector.url}/incidents/{panic}")
        self.assertIn(b"status 7: no &lt;route&gt;", page)
        self.assertEqual(collector.metric("alert_notifications_total", receiver="fails"), 0)
        (Path(fails[1]) / "works").touch()
        self.eventually(lambda: collector.metric("alert_notifications_total", receiver="fails") == 1,
                        30, "the success")
        self.assertEqual(collector.metric("alert_notifications_dropped_total", receiver="fails"), 0)
        self.assertEqual(
            len((Path(fails[1]) / "tries").read_text().split()),
            collector.metric("alert_notification_failures_total", receiver="fails") + 1)
        told = json.loads((Path(fails[1]) / "firing").read_text())
        self.assertEqual(told["commonLabels"]["console"], "core1")

    def test_what_a_console_prints_reaches_a_program_as_json_only(self):
        pager = self.program("pager", PAGER)
        collector = self.collect([{"exec": [*pager, "noc"], "name": "pager"}])
        self.core.say(HOSTILE)
        self.eventually(lambda: self.runs(pager), 20, "the run")
        told, environment, arguments, _ = self.runs(pager)[0]
        annotations = told["commonAnnotations"]
        self.assertIn("$(touch owned) `touch owned`; touch owned", annotations["excerpt"])
        self.assertNotIn("\x1b", annotations["excerpt"])
        self.assertEqual(arguments, ["noc"])
        self.assertNotIn("touch", json.dumps(environment))
        self.assertEqual(list(self.folder.rglob("owned")) + list(Path("/").glob("owned")), [])
        self.assertEqual(len(self.runs(pager)), 1, collector.process.log())

    def test_a_restart_loses_nothing_that_was_not_delivered(self):
        for way in ("stop", "kill"):
            with self.subTest(way):
                self.restart(way)

    def restart(self, way):
        self.core.close()
        self.core = ConsolePeer(self)
        hook, away = Webhook(self), Webhook(self)
        away.stop()
        fails = self.program(f"fails-{way}", FAILS)
        collector = Collector(self, self.config(
            [{"webhook": hook.url, "name": "hook"}, {"webhook": away.url, "name": "away"},
             {"exec": fails, "name": "fails"}],
            storage={"path": str(self.folder / f"data-{way}")}))
        collector.data = self.folder / f"data-{way}"
        self.core.wait_connected().say(PANIC)
        self.eventually(lambda: hook.told() and all(
            collector.metric("alert_notification_failures_total", receiver=name)
            for name in ("away", "fails")), 20, "a success and two failures")
        self.eventually(lambda: collector.incidents("panic"), 20, "the stored incident")
        getattr(collector, way)()

        (Path(fails[1]) / "works").touch()
        away = Webhook(self, port=int(away.url.rpartition(":")[2]))
        collector.start()
        self.eventually(lambda: away.told() and (Path(fails[1]) / "firing").exists(), 20,
                        "what they had not been told")
        self.assertEqual(away.told(), [("firing", "core1", "panic")])
        self.core.wait_connected(connections=2).say(BOOT)
        self.eventually(lambda: len(away.told()) == 2 and len(hook.told()) == 2
                        and (Path(fails[1]) / "resolved").exists(), 30, "the end")
        self.assertEqual([told[0] for told in away.told()], ["firing", "resolved"])
        self.assertEqual([told[0] for told in hook.told()], ["firing", "resolved"])  # none twice
        self.eventually(lambda: collector.metric("alert_queue_length") == 0, 20, "nothing waits")
        collector.stop()

    def test_a_wrong_receiver_is_told_with_its_place(self):
        collector = self.collect([])
        wrong = ("consoles: []\nreceivers:\n  - exec: [/nonexistent/page]\n")
        file = self.folder / "wrong.yaml"
        file.write_text(wrong)
        done = lastgasp("check", file, check=False)
        told = (done.stdout + done.stderr).decode()
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("wrong.yaml:3:12: an entry of exec of a receiver cannot be run: No such file",
                      told)
        collector.configure(wrong)
        status, text = collector.reload()
        self.assertEqual(status, 500)
        self.assertIn("lastgasp.yaml:3:12: ", text)

    def test_a_reload_takes_up_a_receiver_that_hears_what_is_open(self):
        collector = self.collect([])
        self.core.say(PANIC)
        collector.wait_incident("panic")
        hook = Webhook(self)
        collector.configure(self.config([{"webhook": hook.url, "name": "hook"}]))
        self.assertEqual(collector.reload()[0], 200)
        self.eventually(hook.told, 20, "the open incident")
        collector.configure(self.config([{"webhook": hook.url, "name": "hook", "timeout": "5s"}]))
        self.assertEqual(collector.reload()[0], 200)
        self.core.say(BOOT)
        self.eventually(lambda: len(hook.told()) > 1, 30, "the end")
        self.assertEqual([told[0] for told in hook.told()], ["firing", "resolved"])


if __name__ == "__main__":
    unittest.main()
