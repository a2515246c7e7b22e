"""A kernel panics on a telnet console: everybody who should know, knows."""

import unittest

from lab.case import Scenario
from lab.collector import Collector
from lab.guest import Guest
from lab.monitoring import Alertmanager, Prometheus
from lab.net import LOOPBACK, free_port

PANIC = "Kernel panic - not syncing: sysrq triggered crash"


class PanicOverTelnet(Scenario):
    def test_reaches_api_alertmanager_prometheus_and_search(self):
        alertmanager = Alertmanager(self)
        nobody = f"http://{LOOPBACK}:{free_port()}"
        guest = Guest(self, "lg.crash_at=0")
        collector = Collector(self, {
            "alertmanagers": [nobody, alertmanager.url],
            "consoles": [{"name": "pe1", "endpoint": guest.endpoint, "platform": "linux",
                          "labels": {"pop": "ams"}}]})
        prometheus = Prometheus(self, collector.listen)
        collector.wait_up("pe1")

        incident = collector.wait_incident("panic", within=60)
        self.assertIn("sysrq triggered crash", incident["title"])
        self.assertEqual(incident["console"], "pe1")

        self.api_has_it(collector, incident)
        self.alert_is_held(alertmanager)
        self.eventually(lambda: prometheus.query(
            'lastgasp_console_incidents_total{console="pe1",kind="panic"}') == 1, 20, "the scrape")
        self.assertEqual(prometheus.query('lastgasp_console_up{console="pe1"}'), 1)
        self.eventually(lambda: collector.metric(
            "alert_notification_failures_total", receiver=nobody), 30, "failures to the dead one")

        self.search_finds_it(collector)
        collector.stop()
        self.search_finds_it(collector)
        self.assertEqual(len(collector.incidents("panic")), 1)

    def api_has_it(self, collector, incident):
        listed = collector.get("/api/v1/incidents")["incidents"]
        self.assertEqual([row["id"] for row in listed], [incident["id"]])

    def alert_is_held(self, alertmanager):
        alert = self.eventually(
            lambda: [alert for alert in alertmanager.alerts()
                     if alert["labels"]["alertname"] == "ConsoleCrash"], 30, "the alert")[0]
        self.assertEqual(alert["labels"]["console"], "pe1")
        self.assertEqual(alert["labels"]["kind"], "panic")
        self.assertEqual(alert["labels"]["severity"], "critical")
        self.assertEqual(alert["labels"]["pop"], "ams")
        self.assertIn("sysrq triggered crash", alert["annotations"]["summary"])
        self.assertIn(PANIC, alert["annotations"]["excerpt"])

    def search_finds_it(self, collector):
        found = self.eventually(
            lambda: collector.search("not syncing: sysrq", "-C", "2", "--oldest-first", "--limit",
                                     "1"), 10, "the stored panic line")
        texts = [line["text"] for line in found]
        hit = next(n for n, line in enumerate(found) if line["hit"])
        self.assertIn(PANIC, texts[hit])
        self.assertEqual(len(found), 5)
        self.assertIn("CPU:", texts[hit + 1])


if __name__ == "__main__":
    unittest.main()
