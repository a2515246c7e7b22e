"""The collector under test: the real binary with a data folder of its own."""

import json
import os
import re
import signal
import subprocess

from .case import eventually, lastgasp_binary
from .net import LOOPBACK, free_port, http, http_json
from .process import Process

_SAMPLE = re.compile(r'^(\w+)(?:\{(.*)\})? (\S+)$')
_LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')


FOUND, NOTHING = 0, 1  # exit codes; 2 is an error


def lastgasp(*arguments, timeout=60, check=True, cwd=None):
    """One command of the command line; fails when that does, but not when it finds nothing."""
    done = subprocess.run([lastgasp_binary(), *map(str, arguments)], stdin=subprocess.DEVNULL,
                          capture_output=True, timeout=timeout, cwd=cwd)
    if check and done.returncode not in (FOUND, NOTHING):
        raise AssertionError(f"lastgasp {' '.join(map(str, arguments))}: exit {done.returncode}\n"
                             + done.stderr.decode("utf-8", "backslashreplace"))
    return done


def parse_metrics(text):
    """[(name, {label: value}, number)] of an exposition."""
    samples = []
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, labels, value = _SAMPLE.match(line).groups()
            samples.append((name, dict(_LABEL.findall(labels or "")), float(value)))
    return samples


class Collector:
    """`config` is what the file says but for storage and web, which belong to the lab."""

    def __init__(self, case, config=None, endpoints=(), environment=None):
        self._case = case
        self._environment = {**os.environ, **(environment or {})}
        self.data = case.folder / "data"
        self.listen = f"{LOOPBACK}:{free_port()}"
        self.url = f"http://{self.listen}"
        self.config_path = case.folder / "lastgasp.yaml" if config is not None else None
        self._endpoints = list(endpoints)
        if config is not None:
            self.configure(config)
        self.start()

    def configure(self, config):
        """Writes the file; text is written as it is."""
        if not isinstance(config, str):
            config = json.dumps({  # JSON is YAML
                "storage": {"path": str(self.data)}, "web": {"listen": self.listen}, **config})
        self.config_path.write_text(config)

    def start(self):
        arguments = ["--config", self.config_path] if self.config_path else [
            "--data", self.data, "--listen", self.listen]
        self.process = Process(
            self._case, "lastgasp", [lastgasp_binary(), "run", *arguments, *self._endpoints],
            limit=300, env=self._environment)
        eventually(lambda: not self.process.running() or http(self.url + "/-/healthy")[0] == 200,
                   20, "the collector's health")
        if not self.process.running():
            raise AssertionError("the collector ended at once:\n" + self.process.log())
        return self

    def stop(self):
        code = self.process.stop(within=20)
        if code != 0:
            raise AssertionError(f"the collector ended with {code}:\n{self.process.log()[-4000:]}")

    def kill(self):
        self.process.kill()

    def hang_up_signal(self):
        self.process.signal(signal.SIGHUP)

    def reload(self):
        """(status, text) of POST /-/reload."""
        status, body = http(self.url + "/-/reload", method="POST", body=b"")
        return status, body.decode()

    def get(self, path):
        return http_json(self.url + path)

    def metrics(self):
        status, body = http(self.url + "/metrics")
        return parse_metrics(body.decode()) if status == 200 else []

    def metric(self, name, **labels):
        """The sum of the series that carry these labels; None when there is none."""
        found = [value for sample, have, value in self.metrics()
                 if sample == "lastgasp_" + name and labels.items() <= have.items()]
        return sum(found) if found else None

    def wait_up(self, console, within=20):
        eventually(lambda: self.metric("console_up", console=console) == 1, within,
                   f"console_up of {console}")
        return self

    def search(self, text, *options):
        """Hits and context, parsed, in the order printed."""
        done = lastgasp("search", text, "--data", self.data, "--output", "jsonl", *options)
        found = [json.loads(line) for line in done.stdout.decode().splitlines()]
        return [line for line in found if "text" in line]  # where it stopped is none

    def hits(self, text, *options):
        """The texts of the lines that hit."""
        return [line["text"] for line in self.search(text, *options) if line.get("hit", True)]

    def incidents(self, kind=None, *options):
        done = lastgasp("incidents", "--data", self.data, "--output", "jsonl", *options)
        rows = [json.loads(line) for line in done.stdout.decode().splitlines()]
        return [row for row in rows if kind in (None, row["kind"])]

    def wait_incident(self, kind, within=30):
        """The newest incident of the kind, once there is one."""
        return eventually(lambda: self.incidents(kind), within, f"an incident of kind {kind}")[0]
