"""The configuration changes while data flows: what did not change does not notice."""

import re
import threading
import unittest

from lab.case import Scenario
from lab.collector import Collector
from lab.console_peer import ConsolePeer


OURS = """pack: ours
rules:
  - id: ours.boom
    kind: crash
    match: 'BOOM (?P<what>\\w+)'
    title: 'Boom: {what}'
    dump: {until: '^end of boom', idle: 5s}
    samples: ['BOOM pump']
"""
DUMP = [" [<c0123456>] pump_stop+0x12/0x40\r\n", " [<c0123460>] pump_poll+0x2/0x20\r\n",
        " [<c0123480>] pump_lo", "op+0x8/0x30\r\n", "end of boom\r\n"]


class Pouring:
    """Numbered lines to a peer without a pause, until told to end."""

    def __init__(self, peer):
        self._peer, self._end, self.sent = peer, threading.Event(), 0
        self._thread = threading.Thread(target=self._pour, daemon=True)
        self._thread.start()

    def _pour(self):
        while not self._end.is_set():
            self._peer.say(f"tick number {self.sent:06d}\r\n")
            self.sent += 1
            self._end.wait(0.001)

    def end(self):
        self._end.set()
        self._thread.join(10)
        return self.sent


class Reload(Scenario):
    def setUp(self):
        super().setUp()
        self.kept, self.removed, self.added = (ConsolePeer(self) for _ in range(3))
        self.collector = Collector(self, self.config(kept=self.kept, removed=self.removed))
        for peer in (self.kept, self.removed):
            peer.wait_connected()

    @staticmethod
    def config(**peers):
        return {"consoles": [{"name": name, "endpoint": peer.endpoint}
                             for name, peer in peers.items()]}

    def successful(self):
        return self.collector.metric("config_last_reload_successful")

    def swap_while_data_flows(self, reload):
        pouring = Pouring(self.kept)
        self.eventually(lambda: pouring.sent > 200, 20)
        self.collector.configure(self.config(kept=self.kept, added=self.added))
        reload()
        self.added.wait_connected().say("hello from the new one\r\n")
        self.eventually(lambda: self.collector.metric("console_up", console="removed") is None, 10,
                        "the end of the removed console's series")
        self.eventually(lambda: self.collector.hits("hello from the new one"), 10)
        before = pouring.sent
        self.eventually(lambda: pouring.sent > before + 200, 20)
        sent = pouring.end()

        last = f"tick number {sent - 1:06d}"
        self.eventually(lambda: self.collector.hits(last), 10, "the last line sent")
        texts = self.collector.hits("tick number", "--oldest-first", "--limit", str(sent + 10))
        self.assertEqual([int(re.search(r"(\d{6})$", text)[1]) for text in texts],
                         list(range(sent)))
        self.assertEqual(self.kept.connections, 1)
        self.assertEqual(self.collector.metric("console_disconnects_total", console="kept"), 0)
        self.assertEqual(self.successful(), 1)

    def test_by_signal(self):
        self.swap_while_data_flows(self.collector.hang_up_signal)

    def test_by_request(self):
        def reload():
            status, text = self.collector.reload()
            self.assertEqual(status, 200, text)
        self.swap_while_data_flows(reload)

    def with_rules(self, pack, **extra):
        folder = self.folder / "rules.d"
        folder.mkdir(exist_ok=True)
        (folder / "ours.yaml").write_text(pack)
        return {**self.config(kept=self.kept, removed=self.removed),
                "rules": {"folder": str(folder)}, **extra}

    def test_rules_change_amid_a_dump(self):
        self.collector.configure(self.with_rules(OURS))
        self.assertEqual(self.collector.reload()[0], 200)
        self.kept.say("BOOM pump\r\nr0: 0000000000000001 r1: 00000000deadbeef\r\n")
        self.kept.say("".join(DUMP[:3]))
        matched = self.eventually(
            lambda: self.collector.metric("rule_matches_total", rule="ours.boom"), 20)
        self.eventually(lambda: self.collector.incidents("crash"), 20, "the incident")

        self.collector.configure(self.with_rules(OURS.replace("Boom: ", "Bang: ")))
        self.assertEqual(self.collector.reload()[0], 200)
        self.kept.say("".join(DUMP[3:]))
        incident = self.eventually(
            lambda: [one for one in self.collector.incidents("crash") if one["state"] == "open"],
            20, "the end of the dump")
        self.assertEqual(len(self.collector.incidents()), 1)
        self.assertEqual(len(incident[0]["dump"]), 6)
        self.assertFalse(incident[0]["truncated"])
        self.assertEqual(self.collector.metric("rule_matches_total", rule="ours.boom"), matched)
        self.assertEqual(self.kept.connections, 1)

        self.collector.configure(self.config(kept=self.kept, removed=self.removed))  # no such rule
        self.assertEqual(self.collector.reload()[0], 200)
        self.assertEqual(len(self.collector.incidents(None, "--open")), 1)
        self.assertEqual(self.collector.metric("alerts_active"), 1)

    def test_a_bad_rule_is_named_and_a_bad_pack_changes_nothing(self):
        self.collector.configure(self.with_rules(OURS))
        self.assertEqual(self.collector.reload()[0], 200)
        self.collector.configure(self.with_rules("pack: ours\nruels: []\n",
                                                 metrics={"per_console": "off"}))
        status, text = self.collector.reload()
        self.assertGreaterEqual(status, 400)
        self.assertIn("ours.yaml:2:1:", text, "the message names file and line")
        self.assertRegex(self.collector.process.log(), "reload refused.*ours.yaml:2:1:")
        self.assertEqual(self.successful(), 0)
        self.kept.say("BOOM pump\r\n")
        self.collector.wait_incident("crash")
        self.assertEqual(self.collector.metric("console_disconnects_total", console="kept"), 0)

        self.collector.configure(self.with_rules(OURS + "    titel: x\n"))
        status, text = self.collector.reload()
        self.assertEqual(status, 200)
        self.assertIn("rule ours.boom is refused: unknown key 'titel'", text)

    def test_bad_file_changes_nothing(self):
        self.collector.configure("consoles:\n  - name: kept\n    endpoynt: tcp://x:1\n")
        status, text = self.collector.reload()
        self.assertGreaterEqual(status, 400)
        self.assertIn("lastgasp.yaml:3:", text, "the message names file and line")
        self.assertEqual(self.successful(), 0)
        for name, peer in (("kept", self.kept), ("removed", self.removed)):
            peer.say(f"{name} goes on\r\n")
            self.eventually(lambda: self.collector.hits(f"{name} goes on"), 10)
            self.assertEqual(peer.connections, 1)

        self.collector.configure(self.config(kept=self.kept, removed=self.removed))
        self.collector.hang_up_signal()
        self.eventually(lambda: self.successful() == 1, 10, "the next good reload")


if __name__ == "__main__":
    unittest.main()
