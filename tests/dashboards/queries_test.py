"""A collector with a day like any other, scraped by a real Prometheus: every panel, variable and
annotation of the dashboards finds something in it, and every link leads to a page."""

import math
import re
import threading
import time
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote

from dashboards import REPOSITORY, links_of, load, substitute
from lab.case import Scenario, eventually
from lab.collector import Collector
from lab.console_peer import ConsolePeer
from lab.monitoring import Alertmanager, Prometheus
from lab.net import LOOPBACK, free_port, http

RULES = REPOSITORY / "dashboards/prometheus/lastgasp.rules.yml"
CAPTURES = REPOSITORY / "tests/data/captures"
SHOWN = 300  # seconds: the time that the dashboards show
CORE, EDGE, GONE = "core1", "ams1/edge 1:2001", "gone"
NOT_SHOWN = {"process_virtual_memory_bytes"}  # of a process that maps files: says nothing
BEHIND_LINKS = {
    ("Transcript", CORE): b"Kernel panic - not syncing",
    ("Its incidents", CORE): b'href="/incidents/',
    ("Its open incidents", CORE): b'href="/incidents/',
    ("Its boots", EDGE): b'id="boots"',
    ("Page of the console", EDGE): b"ams1/edge 1:2001</h1>",
}


class RefusesAlerts:
    """An Alertmanager behind a proxy that answers 400 to whatever it is sent."""

    def __init__(self, case):
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                self.rfile.read(int(self.headers["Content-Length"]))
                self.send_error(400)

            def log_message(self, *_):
                pass
        server = ThreadingHTTPServer((LOOPBACK, 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        case.addCleanup(server.server_close)
        case.addCleanup(server.shutdown)
        self.url = f"http://{LOOPBACK}:{server.server_port}"


class Viewer:
    """Somebody with one of the dashboards open, who looks at all of the last SHOWN seconds."""

    def __init__(self, prometheus, dashboard):
        self._prometheus = prometheus
        self.dashboard = dashboard
        self.chosen = {}
        for name, selector, label in dashboard.label_queries():
            self.chosen[name] = prometheus.ask(
                f"label/{label}/values", **{"match[]": self.fill_in(selector)})

    def _value(self, name, _):
        if name in self.chosen:
            # A regular expression in a string of PromQL.
            values = [re.escape(value).replace("\\", "\\\\") for value in self.chosen[name]]
            return values[0] if len(values) == 1 else f"({'|'.join(values)})"
        return {"__rate_interval": "1m", "__range": f"{SHOWN}s", "__range_s": str(SHOWN),
                "__from": str(int((time.time() - SHOWN) * 1000))}[name]

    def fill_in(self, text):
        return substitute(text, self._value)

    def series(self, expression, instant):
        """[(labels, values)]; a value that is no number, as of 0/0, is left out."""
        query, now = self.fill_in(expression), time.time()
        if instant:
            rows = self._prometheus.ask("query", query=query, time=now)["result"]
            found = [(row["metric"], [row["value"]]) for row in rows]
        else:
            rows = self._prometheus.ask("query_range", query=query, start=now - SHOWN, end=now,
                                        step=1)["result"]
            found = [(row["metric"], row["values"]) for row in rows]
        numbers = [(labels, [float(value) for _, value in values if math.isfinite(float(value))])
                   for labels, values in found]
        return [(labels, values) for labels, values in numbers if values]

    def panel_series(self, panel):
        """Those of all its queries, each of which has some; an error names the one that has not."""
        found = []
        for target in panel["targets"]:
            found += eventually(lambda: self.series(target["expr"], target.get("instant", False)),
                                10, f"data for {self.fill_in(target['expr'])}")
        return found

    def address(self, link, labels):
        """What a link of a series or row becomes."""
        def value(name, form):
            space, _, label = name.rpartition(".")
            if space in ("__field.labels", "__data.fields"):
                return quote(labels[label], safe="") if form == "percentencode" else labels[label]
            return {"scheme": "http", "__to": str(int(time.time() * 1000))}.get(name) or \
                self._value(name, form)
        return substitute(link["url"], value)


class Queries(Scenario):
    def setUp(self):
        super().setUp()
        self.alertmanager = Alertmanager(self)
        self.consoles = {name: ConsolePeer(self) for name in (CORE, EDGE)}
        endpoints = {name: peer.endpoint for name, peer in self.consoles.items()}
        endpoints[GONE] = f"tcp://{LOOPBACK}:{free_port()}"
        self.collector = Collector(self, {
            "alertmanagers": [self.alertmanager.url, RefusesAlerts(self).url,
                              f"http://{LOOPBACK}:{free_port()}"],
            "consoles": [{"name": name, "endpoint": endpoint, "labels": {"site": "ams1"}}
                         for name, endpoint in endpoints.items()]})
        self.prometheus = Prometheus(self, self.collector.listen, rules=[RULES])
        for name, peer in self.consoles.items():
            peer.wait_connected()
            self.collector.wait_up(name)
        self.seen('lastgasp_console_up == 1')  # before anything happens

    def seen(self, expression):
        self.eventually(lambda: self.prometheus.query(expression) is not None, 30, expression)

    def a_day(self):
        """A router boots, another dies, a line breaks, an Alertmanager refuses, somebody looks."""
        edge, core = self.consoles[EDGE], self.consoles[CORE]
        edge.say("[    0.000000] Linux version 6.1.0 (root@build) #1 SMP\r\n")
        self.eventually(lambda: self.collector.metric("console_boots_total", console=EDGE) == 1,
                        20, "the boot")
        edge.say("pe1 login: ")
        core.say((CAPTURES / "linux-mod-oops-panic.log").read_bytes())
        self.collector.wait_incident("panic")
        self.eventually(self.alertmanager.alerts, 20, "the alert")
        edge.hang_up()
        edge.wait_connected(connections=2)
        self.assertEqual(self.collector.reload()[0], 200)
        self.assertEqual(http(self.collector.url + "/api/v1/incidents/4711")[0], 404)
        for expression in ('lastgasp_console_incident_active{kind="panic"} == 1',
                           f'lastgasp_console_disconnects_total{{console="{EDGE}"}} == 1',
                           'lastgasp_console_last_boot_duration_seconds > 0',
                           'lastgasp_storage_oldest_record_timestamp_seconds > 0',
                           'lastgasp_alert_notification_failures_total > 0',
                           'ALERTS{alertname="AlertsDropped",alertstate="firing"}'):
            self.seen(expression)

    def test_every_panel_has_data_and_every_link_a_page(self):
        self.a_day()
        self.followed = set()
        for dashboard in load():
            viewer = Viewer(self.prometheus, dashboard)
            for name, values in viewer.chosen.items():
                self.assertTrue(values, f"{dashboard}: nothing to choose for {name}")
            for annotation in dashboard.annotations:
                with self.subTest(f"{dashboard}: annotation {annotation['name']}"):
                    self.check_annotation(viewer, annotation)
            for panel in dashboard.panels:
                with self.subTest(f"{dashboard}: {panel['title']}"):
                    series = viewer.panel_series(panel)
                    self.check_names(panel, series)
                    self.check_links(viewer, panel, series)
        self.assertEqual(self.followed, {title for title, _ in BEHIND_LINKS})

    def test_every_metric_is_on_a_dashboard(self):
        _, exposition = http(self.collector.url + "/metrics")
        exported = set(re.findall(r"^# TYPE (\w+)", exposition.decode(), re.M))
        asked = [expression for dashboard in load() for _, expression in dashboard.expressions()]
        shown = {re.sub("_bucket$", "", name) for name in re.findall(r"(\w+)\{", " ".join(asked))}
        self.assertEqual(exported - shown, NOT_SHOWN)

    def check_annotation(self, viewer, annotation):
        found = viewer.series(annotation["expr"], instant=False)
        self.assertTrue(found)
        named = re.findall(r"\{\{(\w+)\}\}", annotation["titleFormat"] + annotation["textFormat"])
        for labels, values in found:
            self.assertLessEqual({*named, *annotation["tagKeys"].split(",")}, labels.keys())
            for milliseconds in values:  # the value is when it happened
                self.assertLess(abs(milliseconds / 1000 - time.time()), SHOWN)

    def check_names(self, panel, series):
        """Labels that a legend or a table names are those the series have."""
        for target in panel["targets"]:
            wanted = set(re.findall(r"\{\{(\w+)\}\}", target.get("legendFormat", "")))
            for labels, _ in series:
                self.assertLessEqual(wanted, labels.keys())
        columns = {"Time", "Value"}.union(*(labels for labels, _ in series))
        for step in panel.get("transformations", ()):
            options = step["options"]
            named = {*options["indexByName"], *options["renameByName"], *options["excludeByName"]}
            self.assertLessEqual(named - {"__name__"}, columns)
            renamed = columns | set(options["renameByName"].values())
            self.assertLessEqual(
                {by["displayName"] for by in panel["options"].get("sortBy", ())}, renamed)
        for override in panel["fieldConfig"]["overrides"]:
            names = columns | {legend for labels, _ in series for legend in labels.values()}
            self.assertIn(override["matcher"]["options"], names)

    def check_links(self, viewer, panel, series):
        for link in links_of(panel):
            if link["url"].startswith("/d/"):
                continue  # Grafana's own: house_rules_test
            for labels, _ in series[:5]:
                address = viewer.address(link, labels)
                status, body = http(address)
                self.assertEqual(status, 200, address)
                said = BEHIND_LINKS.get((link["title"], labels.get("console")))
                if said:
                    self.assertIn(said, body, address)
                    self.followed.add(link["title"])


if __name__ == "__main__":
    unittest.main()
