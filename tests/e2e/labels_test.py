"""Consoles are chosen by their labels: with the collector alive, after a reload, and dead."""

import json
import unittest

from lab.case import Scenario
from lab.collector import Collector, lastgasp
from lab.console_peer import ConsolePeer

SITES = {"fra-1": "fra", "fra-2": "fra", "ber-1": "ber", "none-1": None}


class Labels(Scenario):
    def setUp(self):
        super().setUp()
        self.peers = {name: ConsolePeer(self) for name in SITES}
        self.collector = Collector(self, self.configuration(SITES))
        for name, peer in self.peers.items():
            peer.wait_connected().say(f"hello of {name}\r\n".encode())
        self.eventually(lambda: len(self.collector.hits("hello of")) == len(SITES), 20, "all lines")

    def configuration(self, sites):
        return {"consoles": [
            {"name": name, "endpoint": peer.endpoint,
             "labels": {"site": sites[name], "role": "edge"} if sites[name] else {}}
            for name, peer in self.peers.items()]}

    def chosen(self, *labels):
        """Consoles that a search chooses, and those that `consoles` does a moment later."""
        options = [word for label in labels for word in ("--label", label)]
        found = {line["console"] for line in self.collector.search("hello of", *options)}
        done = lastgasp("consoles", "--data", self.collector.data, "--output", "jsonl", *options)
        listed = {json.loads(line)["name"] for line in done.stdout.decode().splitlines()}
        return found, listed

    def of(self, *labels):
        """Consoles that both choose: the same."""
        found, listed = self.chosen(*labels)
        self.assertEqual(listed, found)
        return found

    def check(self):
        self.assertEqual(self.of("site=fra"), {"fra-1", "fra-2"})
        self.assertEqual(self.of("site=*"), {"fra-1", "fra-2", "ber-1"})
        self.assertEqual(self.of("site=ber", "role=edge"), {"ber-1"})
        self.assertEqual(self.of("site=fra", "site=ber"), set())

    def test_alive_and_dead(self):
        self.check()
        for address, key in (("search?q=hello+of", "lines"), ("consoles?", "consoles")):
            answer = self.collector.get(f"/api/v1/{address}&label=site=f*&label=role=edge")
            names = {one.get("console", one.get("name")) for one in answer[key]}
            self.assertEqual(names, {"fra-1", "fra-2"})
        self.assertIsNone(self.collector.get("/api/v1/search?label=site"), "no NAME=VALUE")
        self.collector.kill()
        self.check()

    def test_reload(self):
        self.collector.configure(self.configuration({**SITES, "fra-2": "ber", "none-1": "fra"}))
        self.assertEqual(self.collector.reload()[0], 200)
        new = {"fra-1", "none-1"}
        self.eventually(lambda: self.chosen("site=fra") == (new, new), 10, "the new labels")
        self.assertEqual(self.of("site=ber"), {"fra-2", "ber-1"})


if __name__ == "__main__":
    unittest.main()
