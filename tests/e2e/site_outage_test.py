"""A site loses its power: one incident and one alert, however many consoles it has."""

import unittest

from lab.case import Scenario
from lab.collector import Collector
from lab.console_peer import ConsolePeer
from lab.monitoring import Alertmanager

CONSOLES = 30
DOWN_AFTER = "2s"


class SiteOutage(Scenario):
    def power_on(self):
        """A listener for every console of the site, on the ports they had before."""
        self.site = [ConsolePeer(self, host, port) for host, port in self.places]

    def power_off(self):
        for peer in self.site:
            peer.close()

    def setUp(self):
        super().setUp()
        # Two console servers share the site.
        self.places = [(f"127.0.0.{2 + number % 2}", 0) for number in range(CONSOLES)]
        self.power_on()
        self.places = [(host, peer.port) for (host, _), peer in zip(self.places, self.site)]
        self.elsewhere = [ConsolePeer(self, "127.0.0.4") for _ in range(3)]
        self.config = {
            "incidents": {"down_after": DOWN_AFTER},
            "consoles": [
                *({"name": f"fra-{number}", "endpoint": peer.endpoint,
                   "labels": {"site": "fra1", "team": "core", "row": str(number % 3)}}
                  for number, peer in enumerate(self.site)),
                *({"name": f"ams-{number}", "endpoint": peer.endpoint, "labels": {"site": "ams1"}}
                  for number, peer in enumerate(self.elsewhere))]}

    def wait_outage(self, collector):
        return self.eventually(lambda: collector.incidents("silence", "--open"), 60,
                               "the outage")[0]

    def only(self, collector):
        incidents = collector.incidents()
        self.assertEqual(len(incidents), 1, [incident["title"] for incident in incidents])
        return incidents[0]

    def wait_over(self, collector):
        self.eventually(lambda: self.only(collector)["resolved"], 90, "the end of the outage")
        self.assertIn("are back after", self.only(collector)["resolution"])
        for peer in self.elsewhere:
            self.assertEqual(peer.connections, 1 + self.restarts)

    restarts = 0

    def test_power_cut_restart_and_return(self):
        alertmanager = Alertmanager(self)
        collector = Collector(self, {**self.config, "alertmanagers": [alertmanager.url]})
        for peer in (*self.site, *self.elsewhere):
            peer.wait_connected()
        self.power_off()
        outage = self.wait_outage(collector)
        self.assertEqual(outage["console"], "site fra1")
        self.assertEqual(outage["title"], f"All {CONSOLES} consoles at site fra1 down")
        self.assertEqual(len(outage["consoles"]), CONSOLES)

        alert = self.eventually(alertmanager.alerts, 30, "the alert")
        self.assertEqual([one["labels"] for one in alert], [
            {"alertname": "ConsoleSilent", "console": "site fra1", "kind": "silence",
             "severity": "critical", "site": "fra1", "team": "core"}])

        collector.stop()  # a restart in the middle of it is no second outage
        self.restarts = 1
        collector.start()
        self.eventually(lambda: collector.metric("consoles", state="down") == CONSOLES, 30)
        self.assertEqual(collector.metric("alerts_active"), 1)
        self.assertEqual(self.only(collector)["id"], outage["id"])

        self.power_on()
        self.wait_over(collector)
        self.assertEqual(collector.metric("alerts_active"), 0)
        self.assertEqual(len(alertmanager.alerts()), 1)

    def test_collector_starts_while_the_site_is_dark(self):
        self.power_off()
        collector = Collector(self, self.config)
        outage = self.wait_outage(collector)
        self.assertEqual(outage["title"], f"All {CONSOLES} consoles at site fra1 down")
        self.power_on()
        self.wait_over(collector)

    def test_lines_that_hang_up_at_once_are_down(self):
        for peer in self.site:
            peer.busy = True
        collector = Collector(self, self.config)
        self.assertEqual(self.wait_outage(collector)["console"], "site fra1")
        for peer in self.site:
            peer.busy = False
        self.wait_over(collector)


if __name__ == "__main__":
    unittest.main()
