"""The description of the API holds: every answer is as it says, every parameter it names is taken and
no other is, and so are refusals."""

import http.client
import json
import subprocess
import unittest
import urllib.request
import urllib.error
from base64 import b64encode
from urllib.parse import quote, urlencode

from lab.case import REPOSITORY, Scenario, lastgasp_binary
from lab.collector import Collector, lastgasp
from lab.console_peer import ConsolePeer
from lab.events import Events
from lab.net import LOOPBACK, free_port
from lab.net import http as get
from lab.process import Process

try:
    import jsonschema
except ImportError:
    jsonschema = None

DIED = (REPOSITORY / "tests/data/captures/linux-mod-oops-panic.log").read_bytes()


def ask(url, method="GET", operation=None):
    """(status, content type, body); sends the example of the operation's body."""
    request = urllib.request.Request(url, method=method, data=b"" if method == "POST" else None)
    if operation and "requestBody" in operation:
        request.data = json.dumps(operation["requestBody"]["content"]["application/json"]["example"]).encode()
        request.add_header("Content-Type", "application/json")
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.headers.get_content_type(), answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers.get_content_type(), error.read()


class Described(Scenario):
    """A scenario with the description."""

    def take(self, document):
        self.document = document
        self.resolver = jsonschema.RefResolver("", document)

    def resolved(self, node):
        while "$ref" in node:
            _, node = self.resolver.resolve(node["$ref"])
        return node

    def check(self, value, schema):
        jsonschema.Draft202012Validator(schema, resolver=self.resolver).validate(value)

    def operations(self):
        """(method, path, operation, its parameters) of each."""
        for path, methods in self.document["paths"].items():
            for method, operation in methods.items():
                parameters = [self.resolved(p) for p in operation.get("parameters", [])]
                yield method.upper(), path, operation, parameters

    def check_answer(self, operation, status, kind, body):
        answer = self.resolved(operation["responses"][str(status)])
        self.assertIn(kind, answer["content"])
        if kind == "application/json":
            self.check(json.loads(body), answer["content"][kind]["schema"])


@unittest.skipUnless(jsonschema, "jsonschema is not installed (Debian package python3-jsonschema)")
class OpenApi(Described):
    def setUp(self):
        super().setUp()
        peer = ConsolePeer(self)
        self.collector = Collector(self, {
            "receivers": [{"webhook": f"http://{LOOPBACK}:{free_port()}"}],  # where nobody is
            "consoles": [{"name": "core1", "endpoint": peer.endpoint, "labels": {"site": "fra1"}}]})
        for times in (1, 2):
            peer.wait_connected().say(DIED)
            self.eventually(lambda: len(self.collector.hits("Rebooting in")) == times, 20,
                            "the last line")
        self.eventually(lambda: self.collector.incidents("panic"), 20, "the incident")
        self.take(self.collector.get("/api/v1/openapi.json"))

    def address(self, path, parameters, **query):
        """The path with its examples, and the query with what is required."""
        for parameter in parameters:
            if parameter["in"] == "path":
                example = self.line if path.startswith("/api/v1/lines") else parameter["example"]
                path = path.replace("{" + parameter["name"] + "}", quote(example, safe=""))
        required = {p["name"]: p["example"] for p in parameters
                    if p["in"] == "query" and p.get("required")}
        return self.collector.url + path + "?" + urlencode({**required, **query}, doseq=True)

    @property
    def line(self):
        return self.collector.search("Rebooting in")[-1]["id"]

    def test_it_is_a_description(self):
        self.assertEqual(self.document["openapi"], "3.1.0")
        for name, schema in self.document["components"]["schemas"].items():
            with self.subTest(name):
                jsonschema.Draft202012Validator.check_schema(schema)
        names = [operation["operationId"] for _, _, operation, _ in self.operations()]
        self.assertEqual(len(names), len(set(names)))

    def test_every_answer_is_as_it_says(self):
        for method, path, operation, parameters in self.operations():
            with self.subTest(f"{method} {path}"):
                if "x-events" in operation["responses"]["200"]:
                    continue
                queries = [{}] + [{p["name"]: p["example"]} for p in parameters
                                  if p["in"] == "query" and p["name"] != "cursor"]
                found = 0
                for query in queries:
                    address = self.address(path, parameters, **query)
                    status, kind, body = ask(address, method, operation)
                    self.assertIn(status, (200, 400, 404), f"{address}: {body[:300]}")
                    self.assertNotIn(b"there is no parameter", body)
                    self.check_answer(operation, status, kind, body)
                    found += status == 200
                self.assertGreater(found, 0, "no example gave an answer")

    def test_no_parameter_is_taken_that_it_does_not_name(self):
        for method, path, operation, parameters in self.operations():
            if not path.startswith("/api/"):
                continue
            with self.subTest(f"{method} {path}"):
                address = self.address(path, parameters, nonsense=1)
                status, kind, body = ask(address, method, operation)
                self.assertEqual(status, 400)
                self.check_answer(operation, status, kind, body)
                _, _, names = json.loads(body)["error"].partition("there are: ")
                self.assertEqual(set(filter(None, names.split(", "))),
                                 {p["name"] for p in parameters if p["in"] == "query"})

    def test_what_is_required_is(self):
        for method, path, operation, parameters in self.operations():
            for parameter in parameters:
                if parameter["in"] == "query" and parameter.get("required"):
                    with self.subTest(f"{path} without {parameter['name']}"):
                        address = self.address(path, parameters).partition("?")[0]
                        status, kind, body = ask(address, method, operation)
                        self.assertEqual(status, 400)
                        self.check_answer(operation, status, kind, body)

    def test_what_is_not_there_is_told(self):
        for path in ("/api/v1/consoles/nope", "/api/v1/incidents/999", "/api/v1/lines/nope",
                     "/api/v1/tail?console=nope", "/api/v1/tail/stream?console=nope",
                     "/api/v1/diff?console=nope", "/api/v1/similar?incident=999",
                     "/api/v1/export?console=nope&form=raw", "/api/v1/nope"):
            with self.subTest(path):
                status, kind, body = ask(self.collector.url + path)
                self.assertEqual((status, kind), (404, "application/json"))
                self.check(json.loads(body), {"$ref": "#/components/schemas/Error"})

    def test_events_are_as_it_says(self):
        for _, path, operation, parameters in self.operations():
            events = operation["responses"]["200"].get("x-events")
            if not events:
                continue
            with self.subTest(path):
                query = {"after": self.line.replace("core1@", "core1@0")} \
                    if "after" in [p["name"] for p in parameters] else {}
                stream = Events(self, self.address(path, parameters, **query))
                stream.wait("hello" if "hello" in events else "line")
                for name, _, data in stream.heard:
                    self.check(data, events[name])


@unittest.skipUnless(jsonschema, "jsonschema is not installed (Debian package python3-jsonschema)")
class TurnedAway(Described):
    """Who is not let in is told as the description says."""

    ANN, EVE = ("ann", "a secret"), ("eve", "looks on")  # of whom one is an admin

    def setUp(self):
        super().setUp()
        lines = "".join("  " + self.line_of(*user) for user in (self.ANN, self.EVE))
        (self.folder / "web.yaml").write_text(f"basic_auth_users:\n{lines}")
        self.listen = f"{LOOPBACK}:{free_port()}"
        config = self.folder / "lastgasp.yaml"
        config.write_text(json.dumps({
            "storage": {"path": str(self.folder / "data")},
            "web": {"listen": self.listen, "config_file": str(self.folder / "web.yaml"),
                    "admins": [self.ANN[0]]}}))
        self.url = f"http://{self.listen}"
        Process(self, "lastgasp", [lastgasp_binary(), "run", "--config", config])
        self.eventually(lambda: get(self.url + "/-/healthy")[0] == 401, 20, "an answer")
        self.take(json.loads(self.ask("GET", "/api/v1/openapi.json", self.EVE)[2]))

    @staticmethod
    def line_of(name, password):
        return subprocess.run([lastgasp_binary(), "web-password", name], input=password.encode(),
                              capture_output=True, timeout=30, check=True).stdout.decode()

    def ask(self, method, path, user=None, body=None, **headers):
        """(status, content type, body, headers)"""
        if user:
            headers["Authorization"] = "Basic " + b64encode(":".join(user).encode()).decode()
        connection = http.client.HTTPConnection(self.listen, timeout=30)
        self.addCleanup(connection.close)
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.headers.get_content_type(), answer.read(), answer.headers

    def refusals(self, status, *request, **headers):
        """Of every operation that describes this status, as described; how many there were."""
        count = 0
        for method, path, operation, parameters in self.operations():
            if str(status) not in operation["responses"]:
                continue
            count += 1
            address = path.replace("{name}", "core1").replace("{id}", "1")
            with self.subTest(f"{method} {path}"):
                got, kind, body, told = self.ask(method, address, *request, **headers)
                self.assertEqual(got, status)
                self.check_answer(operation, got, kind, body)
                described = self.resolved(operation["responses"][str(status)])
                for name in described.get("headers", {}):
                    self.assertIn(name, told)
        return count

    def test_as_described(self):
        everything = len(list(self.operations()))
        self.assertEqual(self.refusals(401), everything)
        self.assertEqual(self.refusals(403, self.ANN, Host="evil.example"), everything - 3)
        self.assertEqual(self.refusals(413, self.ANN, b"x" * 70000), 3)
        for method, path, operation, _ in self.operations():
            if method == "POST":
                for user, headers in ((self.EVE, {}), (self.ANN, {"Sec-Fetch-Site": "cross-site"})):
                    status, kind, body, _ = self.ask(method, path.replace("{id}", "1"), user, b"", **headers)
                    self.assertEqual(status, 403)
                    self.check_answer(operation, status, kind, body)
        while self.ask("GET", "/metrics", ("nobody", "guess"))[0] == 401:
            pass
        self.assertEqual(self.refusals(429, ("nobody", "guess")), everything)
        scheme, = self.document["components"]["securitySchemes"].values()
        self.assertEqual((scheme["type"], scheme["scheme"]), ("http", "basic"))

    def test_too_many_streams_are_too_many(self):
        for _ in range(64):
            self.stream()
        operation = self.document["paths"]["/api/v1/events"]["get"]
        status, kind, body, told = self.ask("GET", "/api/v1/events", self.EVE)
        self.assertEqual(status, 503)
        self.check_answer(operation, status, kind, body)
        self.assertIn("Retry-After", told)

    def stream(self):
        connection = http.client.HTTPConnection(self.listen, timeout=30)
        self.addCleanup(connection.close)
        login = b64encode(":".join(self.EVE).encode()).decode()
        connection.request("GET", "/api/v1/events", headers={"Authorization": f"Basic {login}"})
        answer = connection.getresponse()
        self.addCleanup(answer.close)  # until then the stream is open
        self.assertEqual(answer.status, 200)


class RulesAndExports(Scenario):
    def setUp(self):
        super().setUp()
        self.peer = ConsolePeer(self)
        self.collector = Collector(self, {"consoles": [
            {"name": "core1", "endpoint": self.peer.endpoint}]})
        self.peer.wait_connected().say(DIED)
        self.eventually(lambda: self.collector.hits("Rebooting in"), 20, "the last line")

    def test_rules_say_what_they_did(self):
        answer = self.collector.get("/api/v1/rules")
        rules = {rule["id"]: rule for rule in answer["rules"]}
        self.assertGreater(answer["lines_scanned"], 50)
        self.assertGreater(answer["scan_seconds"], 0)
        panic = rules["linux.panic"]
        self.assertGreaterEqual(panic["matches"], 1)
        self.assertIsNotNone(panic["last_match"])
        self.assertTrue(panic["source"].startswith("built-in "))
        self.assertGreater(panic["cost_ns"], 0)
        self.assertEqual(panic["matches"],
                         self.collector.metric("rule_matches_total", rule="linux.panic"))
        never = [rule for rule in answer["rules"] if rule["last_match"] is None]
        self.assertTrue(all(rule["matches"] == 0 for rule in never))
        self.assertGreater(len(never), len(rules) / 2)

    def test_a_line_is_explained_as_the_command_line_does(self):
        for line in ("Kernel panic - not syncing: Fatal exception", "nothing of note"):
            query = urlencode({"line": line, "platform": "linux"})
            answer = self.collector.get(f"/api/v1/explain?{query}")
            done = lastgasp("rules", "explain", line, "--platform", "linux", "--output", "json")
            printed = json.loads(done.stdout)
            self.assertEqual(answer["lines"], printed["lines"])
            self.assertEqual([incident["title"] for incident in answer["incidents"]],
                             [incident["title"] for incident in printed["incidents"]])
        query = urlencode({"line": "enable secret 5 $1$abcd$efghijklmnopqrstuvwxyz"})
        self.assertNotIn("efghij", json.dumps(self.collector.get(f"/api/v1/explain?{query}")))
        self.assertEqual(ask(f"{self.collector.url}/api/v1/explain?line={'x' * 5000}")[0], 400)

    def test_the_console_is_told_whole(self):
        console = self.collector.get("/api/v1/consoles/core1")
        self.assertEqual(console["condition"], "crashed")
        self.assertEqual(console["line_errors"],
                         {"framing": 0, "parity": 0, "overrun": 0, "break": 0})
        self.assertGreaterEqual(console["connect_attempts"], 1)
        self.assertIsNotNone(console["connected_since"])

    def test_an_export_is_what_was_received(self):
        def export(**query):
            return ask(f"{self.collector.url}/api/v1/export?{urlencode(query)}")
        status, kind, body = export(console="core1", form="raw")
        self.assertEqual((status, kind, body), (200, "application/octet-stream", DIED))
        status, kind, body = export(console="core1", form="text")
        self.assertEqual((status, kind), (200, "text/plain"))
        self.assertIn(b" core1: ", body)
        self.assertIn(b"Kernel panic - not syncing", body)
        status, _, of_incident = export(incident=1, form="text")
        self.assertEqual(status, 200)
        self.assertIn(of_incident.splitlines()[-1], body.splitlines())
        self.assertEqual(export(console="core1", form="raw", since="1000000000000",
                                until="1000000001000")[0], 404)
        self.assertEqual(export(incident=1, form="raw", since="1h")[0], 400)


if __name__ == "__main__":
    unittest.main()
