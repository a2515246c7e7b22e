"""The dashboards are what Grafana takes them for, by the types it publishes."""

import json
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from dashboards import FILES, load
from lab.case import require

GRAFANAS = "grafana-10.4", "grafana-11.6", "grafana-newest"  # as package.json names them
TYPES = Path(__file__).with_name("dashboard_types.ts")
OPTIONS = ["--noEmit", "--strict", "--skipLibCheck", "--target", "es2022", "--module", "nodenext",
           "--pretty", "false"]


class Types(unittest.TestCase):
    def setUp(self):
        modules = os.environ.get("DASHBOARD_MODULES")
        if not modules:
            self.skipTest("DASHBOARD_MODULES names no node_modules: run by ctest or ./dev test")
        self.node = require("node", "nodejs")
        self.modules = Path(modules) / "node_modules"
        # Within the folder of the modules, where the compiler looks for them.
        self.folder = Path(tempfile.mkdtemp(prefix="types.", dir=modules))
        self.addCleanup(shutil.rmtree, self.folder)

    def complaints(self, models, grafana):
        """What the compiler says of {name: dashboard} by the types of that Grafana."""
        types = TYPES.read_text().replace('"grafana/', f'"{grafana}/')
        (self.folder / TYPES.name).write_text(types)
        for name, model in models.items():
            (self.folder / f"{name}.ts").write_text(
                'import type {CheckedDashboard} from "./dashboard_types.js";\n'
                f"export const {name}: CheckedDashboard = {json.dumps(model, indent=1)};\n")
        done = subprocess.run(
            [self.node, self.modules / "typescript/bin/tsc", *OPTIONS,
             *(self.folder / f"{name}.ts" for name in models)],
            capture_output=True, text=True, timeout=120, cwd=self.folder)
        return done.stdout + done.stderr

    def test_dashboards_are_as_grafana_publishes(self):
        self.assertTrue(FILES)
        for grafana in GRAFANAS:
            with self.subTest(grafana):
                self.assertEqual(self.complaints({d.name: d.model for d in load()}, grafana), "")

    def test_the_types_see_what_is_wrong(self):
        """One mistake of each sort that a person makes; the compiler must name each."""
        def broken(change):
            model = next(d for d in load() if d.name == "overview").model
            panels = {panel["type"]: panel for panel in model["panels"]}
            change(model, panels)
            return model
        mistakes = {
            "member_misspelt": lambda m, p: p["stat"].update(discription="What is shown here"),
            "unit_unknown": lambda m, p: p["stat"]["fieldConfig"]["defaults"].update(unit="byte"),
            "option_of_another_panel": lambda m, p: p["stat"]["options"].update(showUnfilled=True),
            "option_value": lambda m, p: p["bargauge"]["options"].update(displayMode="stripes"),
            "custom_value": lambda m, p: p["timeseries"]["fieldConfig"]["defaults"].update(
                custom={"drawStyle": "dots"}),
            "query_format": lambda m, p: p["table"]["targets"][0].update(format="tabular"),
            "panel_type": lambda m, p: p["stat"].update(type="singlestat"),
            "fixed_source": lambda m, p: p["stat"].update(
                datasource={"type": "prometheus", "uid": "P1"}),
            "no_schema": lambda m, p: m.pop("schemaVersion"),
            "variable_type": lambda m, p: m["templating"]["list"][1].update(type="question"),
        }
        said = self.complaints({name: broken(change) for name, change in mistakes.items()},
                               GRAFANAS[0])
        for name in mistakes:
            self.assertIn(f"{name}.ts", said)


if __name__ == "__main__":
    unittest.main()
