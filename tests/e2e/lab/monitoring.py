"""Real Alertmanager and Prometheus."""

import json
import urllib.parse

from .case import eventually, require
from .net import LOOPBACK, free_port, http, http_json
from .process import Process


class Alertmanager:
    def __init__(self, case):
        program = require("prometheus-alertmanager", "prometheus-alertmanager")
        self.url = f"http://{LOOPBACK}:{free_port()}"
        config = case.folder / "alertmanager.yml"
        config.write_text("route: {receiver: nobody}\nreceivers: [{name: nobody}]\n")
        Process(case, "alertmanager", [
            program, f"--config.file={config}", f"--storage.path={case.folder}/alertmanager",
            f"--web.listen-address={self.url[7:]}", "--cluster.listen-address="])
        eventually(lambda: http(self.url + "/-/ready")[0] == 200, 30, "Alertmanager's readiness")

    def alerts(self):
        return http_json(self.url + "/api/v2/alerts") or []


class Prometheus:
    """Scrapes one target every second; `how` is what its scrape configuration says besides. Rules in
    the files `rules` are evaluated every second."""

    def __init__(self, case, target, how=None, rules=()):
        program = require("prometheus", "prometheus")
        self.url = f"http://{LOOPBACK}:{free_port()}"
        config = case.folder / "prometheus.yml"
        config.write_text(json.dumps({
            "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
            "rule_files": [str(path) for path in rules],
            "scrape_configs": [{"job_name": "lastgasp", "static_configs": [{"targets": [target]}],
                                **(how or {})}],
        }))
        Process(case, "prometheus", [
            program, f"--config.file={config}", f"--storage.tsdb.path={case.folder}/prometheus",
            f"--web.listen-address={self.url[7:]}"])
        eventually(lambda: http(self.url + "/-/ready")[0] == 200, 30, "Prometheus' readiness")

    def ask(self, what, **parameters):
        """The data of an answer of /api/v1/, or an error that says what Prometheus said."""
        status, body = http(f"{self.url}/api/v1/{what}?{urllib.parse.urlencode(parameters)}")
        if status != 200:
            raise AssertionError(f"{what} {parameters}: {status} {body.decode(errors='replace')}")
        return json.loads(body)["data"]

    def query(self, expression):
        """The value of the first series, or None."""
        rows = self.ask("query", query=expression)["result"]
        return float(rows[0]["value"][1]) if rows else None
