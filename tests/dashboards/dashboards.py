"""The dashboards as the tests see them: their panels, everything they ask, and their links."""

import json
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "e2e"))

from lab.case import REPOSITORY  # noqa: E402

FOLDER = REPOSITORY / "dashboards/grafana"
FILES = sorted(FOLDER.glob("*.json"))
_VARIABLE = re.compile(r"\$\{(\w[\w.]*)(?::(\w+))?\}|\$(\w+)")


class Dashboard:
    def __init__(self, path):
        self.name = path.stem
        self.model = json.loads(path.read_text())
        self.panels = [panel for panel in self.model["panels"] if panel["type"] != "row"]
        self.variables = self.model["templating"]["list"]
        self.annotations = self.model["annotations"]["list"]

    def __str__(self):
        return self.name

    def expressions(self):
        """(what asks, PromQL) of every panel and annotation."""
        for panel in self.panels:
            for target in panel["targets"]:
                yield f"{self}: {panel['title']} {target['refId']}", target["expr"]
        for annotation in self.annotations:
            yield f"{self}: annotation {annotation['name']}", annotation["expr"]

    def label_queries(self):
        """(variable, selector, label) of every variable that is asked of Prometheus."""
        for variable in self.variables:
            if variable["type"] == "query":
                selector, label = re.fullmatch(
                    r"label_values\((.*), (\w+)\)", variable["query"]["query"]).groups()
                yield variable["name"], selector, label


def links_of(panel):
    """The data links of a panel, in its defaults and overrides."""
    config = panel["fieldConfig"]
    yield from config["defaults"].get("links", ())
    for override in config["overrides"]:
        for one in override["properties"]:
            if one["id"] == "links":
                yield from one["value"]


def names_in(text):
    """The variables that a text has in it."""
    return {braced or bare for braced, _, bare in _VARIABLE.findall(text)}


def substitute(text, values):
    """As Grafana does it; `values(name, format)` is what a variable becomes."""
    return _VARIABLE.sub(lambda found: values(found[1] or found[3], found[2]), text)


def load():
    return [Dashboard(path) for path in FILES]
