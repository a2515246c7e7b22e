"""What all dashboards have in common: whoever knows one finds his way in the others."""

import re
import subprocess
import tempfile
import unittest
from pathlib import Path

import yaml

from dashboards import FOLDER, REPOSITORY, links_of, load, names_in

EXPECTED = {"overview", "console", "rules", "health"}
SOURCE = {"type": "prometheus", "uid": "${datasource}"}
COLUMNS = 24
# What Grafana itself knows: of the time shown, and of the series or row a link belongs to.
BUILT_IN = {"__rate_interval", "__range", "__range_s", "__from", "__to", "__url_time_range"}
OF_A_SERIES = ("__field.labels.", "__data.fields.")
_OWN_PAGE = re.compile(r"^\$\{scheme\}://\$\{__(field\.labels|data\.fields)\.instance\}/")
_SELECTOR = re.compile(r"\b([a-zA-Z_]\w*)\{([^}]*)\}")
_NAME = re.compile(r"\b(?:lastgasp|process)_\w+\b")
_COUNTED = re.compile(r"\b\w+_(?:total|bucket|sum|count)\{")
_UNDER_RATE = re.compile(r"\b(?:rate|increase)\(\w+\{[^}]*\}\[\$__(?:rate_interval|range)\b")


def members(value, name):
    """Every member of that name, however deep."""
    if isinstance(value, dict):
        if name in value:
            yield value[name]
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from members(one, name)


class HouseRules(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.all = load()

    def for_each(self, check):
        """check(dashboard), every one told by its name."""
        for dashboard in self.all:
            with self.subTest(dashboard.name):
                check(dashboard)

    def for_each_panel(self, check):
        for dashboard in self.all:
            for panel in dashboard.panels:
                with self.subTest(f"{dashboard}: {panel['title']}"):
                    check(panel)

    def for_each_expression(self, check):
        for dashboard in self.all:
            for who, expression in dashboard.expressions():
                with self.subTest(who):
                    check(dashboard, expression)

    def test_there_are_four(self):
        self.assertEqual({dashboard.name for dashboard in self.all}, EXPECTED)

    def test_each_is_known_by_the_same_name_for_ever(self):
        def check(dashboard):
            self.assertEqual(dashboard.model["uid"], f"lastgasp-{dashboard}")
            self.assertTrue(dashboard.model["title"].startswith("lastgasp: "))
            self.assertTrue(dashboard.model["description"])
            self.assertEqual(dashboard.model["tags"], ["lastgasp"])
            self.assertNotIn("id", dashboard.model)
        self.for_each(check)

    def test_import_asks_nothing_and_presumes_nothing(self):
        def check(dashboard):
            self.assertNotIn("__inputs", dashboard.model)
            self.assertNotIn("__requires", dashboard.model)
            sources = list(members(dashboard.model, "datasource"))
            self.assertGreater(len(sources), len(dashboard.panels))
            self.assertTrue(all(source == SOURCE for source in sources))
            for panel in dashboard.panels:
                self.assertIn("datasource", panel, panel["title"])
        self.for_each(check)

    def test_they_lead_to_each_other(self):
        def check(dashboard):
            [link] = dashboard.model["links"]
            self.assertEqual((link["type"], link["tags"]), ("dashboards", ["lastgasp"]))
            self.assertTrue(link["includeVars"] and link["keepTime"])
        self.for_each(check)

    def test_variables_are_the_same_everywhere(self):
        def without_console(dashboard):
            return [one for one in dashboard.variables if one["name"] != "console"]
        shared = without_console(self.all[0])
        self.assertEqual([one["name"] for one in shared],
                         ["datasource", "job", "instance", "scheme"])

        def check(dashboard):
            self.assertEqual(without_console(dashboard), shared)
            self.assertEqual(len(dashboard.variables) - len(shared), dashboard.name == "console")
            for variable in dashboard.variables:
                if variable["type"] == "query":
                    self.assertTrue(variable["multi"])
                    self.assertEqual(variable["definition"], variable["query"]["query"])
        self.for_each(check)

    def test_every_panel_says_what_it_shows(self):
        def check(panel):
            self.assertTrue(panel["title"])
            self.assertRegex(panel["description"], r"^[A-Z].{15,}\.$")
            self.assertTrue(panel["fieldConfig"]["defaults"]["unit"])
        self.for_each_panel(check)

    def test_panels_are_told_apart_and_do_not_overlap(self):
        def check(dashboard):
            panels = dashboard.model["panels"]
            self.assertEqual([panel["id"] for panel in panels], list(range(1, len(panels) + 1)))
            taken = set()
            for panel in panels:
                place = panel["gridPos"]
                self.assertLessEqual(place["x"] + place["w"], COLUMNS, panel["title"])
                cells = {(x, y) for x in range(place["x"], place["x"] + place["w"])
                         for y in range(place["y"], place["y"] + place["h"])}
                self.assertFalse(cells & taken, panel["title"])
                taken |= cells
        self.for_each(check)

    def test_every_query_is_of_the_chosen_collectors(self):
        def check(dashboard, expression):
            selectors = _SELECTOR.findall(expression)
            self.assertTrue(selectors)
            self.assertEqual(_NAME.findall(expression),
                             [name for name, _ in selectors if _NAME.fullmatch(name)],
                             "a metric without a selector")
            for name, matchers in selectors:
                self.assertIn('job=~"$job"', matchers)
                self.assertIn('instance=~"$instance"', matchers)
                if dashboard.name == "console" and "_console_" in name:
                    self.assertIn('console=~"$console"', matchers)
        self.for_each_expression(check)

    def test_counters_are_only_seen_as_rates(self):
        def check(_, expression):
            self.assertEqual(len(_COUNTED.findall(expression)),
                             len(_UNDER_RATE.findall(expression)))
            self.assertNotRegex(expression, r"\[\d", "a fixed interval is wrong at another zoom")
        self.for_each_expression(check)

    def test_variables_that_are_used_exist(self):
        def check(dashboard):
            known = {one["name"] for one in dashboard.variables} | BUILT_IN
            texts = [expression for _, expression in dashboard.expressions()]
            texts += [link["url"] for panel in dashboard.panels for link in links_of(panel)]
            texts += [selector for _, selector, _ in dashboard.label_queries()]
            used = {name for text in texts for name in names_in(text)}
            self.assertLessEqual(
                {name for name in used if not name.startswith(OF_A_SERIES)}, known)
        self.for_each(check)

    def test_links_lead_somewhere(self):
        uids = {dashboard.model["uid"] for dashboard in self.all}

        def check(panel):
            for link in links_of(panel):
                inside = re.match(r"/d/([\w-]+)\?", link["url"])
                if inside:
                    self.assertIn(inside[1], uids)
                    self.assertIn("${__url_time_range}", link["url"])
                else:
                    self.assertRegex(link["url"], _OWN_PAGE)
                    self.assertTrue(link["targetBlank"])
        self.for_each_panel(check)

    def test_incidents_are_marked_on_all(self):
        def check(dashboard):
            self.assertIn("Incidents", [one["name"] for one in dashboard.annotations])
        self.for_each(check)

    def test_the_documentation_names_every_dashboard(self):
        text = (FOLDER / "README.md").read_text()
        self.for_each(lambda dashboard: self.assertIn(f"`{dashboard}.json`", text))

    def test_provisioning_puts_them_where_grafana_looks(self):
        """The commands of the README, with a root of their own."""
        readme = (FOLDER / "README.md").read_text()
        [commands] = re.findall(r"^```sh\n(.*?)^```", readme, re.M | re.S)
        with tempfile.TemporaryDirectory() as root:
            subprocess.run(["sh", "-ec", re.sub(r" /(?=etc|var)", f" {root}/", commands)],
                           cwd=REPOSITORY, check=True, timeout=30)
            [sources], [providers] = (
                [yaml.safe_load(path.read_text()) for path in
                 Path(root, "etc/grafana/provisioning", kind).iterdir()]
                for kind in ("datasources", "dashboards"))
            folder = Path(root + providers["providers"][0]["options"]["path"])
            self.assertEqual({path.stem for path in folder.iterdir()}, EXPECTED)
        self.assertEqual((sources["apiVersion"], providers["apiVersion"]), (1, 1))
        [source] = sources["datasources"]
        self.assertEqual(source["type"], "prometheus")
        scraped = yaml.safe_load((REPOSITORY / "dashboards/prometheus/prometheus.yml").read_text())
        self.assertEqual(source["jsonData"]["timeInterval"], scraped["global"]["scrape_interval"])


if __name__ == "__main__":
    unittest.main()
