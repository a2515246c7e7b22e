"""The console simulator, and the lines of its consoles found again in what lastgasp stored."""
import contextlib
import datetime
import json
import pathlib
import re
import subprocess
import time
import urllib.request

from measuring import child, free_port

HOST = "127.0.0.1"
EXPORT_SECONDS = 300


class Simulator:
    """A running console_simulator; its events in order."""

    def __init__(self, process):
        self._process = process
        self.ports = self.wait_for("listening")["ports"]

    @property
    def names(self):
        return [f"c{number:04}" for number in range(len(self.ports))]

    def events(self):
        return map(json.loads, self._process.stdout)

    def tell(self, command):
        """When it was started with --commands."""
        self._process.stdin.write(command + "\n")
        self._process.stdin.flush()

    def wait_for(self, name):
        for event in self.events():
            if event["event"] == name:
                return event
        raise RuntimeError(f"the simulator ended before it was {name}")


@contextlib.contextmanager
def simulator(programs, consoles, limit, *options):
    """`programs` is the folder of the built benchmarks; the rest is what the simulator is told."""
    command = [programs / "console_simulator", "--consoles", str(consoles), *map(str, options)]
    with child(command, limit, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Simulator(process)


class Lastgasp:
    """The whole collector, all on: rules, incidents, redaction, journal, sealing, metrics."""
    name = "lastgasp"

    def __init__(self, program):
        self.program = program
        self.url = None

    def command(self, folder, consoles, protocol="tcp", **config):
        """`consoles` maps names to ports; `config` is what the file says besides."""
        listen = f"{HOST}:{free_port()}"
        self.url = f"http://{listen}"
        self.configure(folder, listen, [{"name": name, "endpoint": f"{protocol}://{HOST}:{port}"}
                                        for name, port in consoles.items()], **config)
        return [self.program, "run", "--config", folder / "lastgasp.yaml"]

    @staticmethod
    def configure(folder, listen, consoles, **config):
        text = {"storage": {"path": str(folder / "transcripts")}, "web": {"listen": listen},
                **config, "consoles": consoles}
        (folder / "lastgasp.yaml").write_text(json.dumps(text))  # JSON is YAML

    def request(self, path, method="GET"):
        request = urllib.request.Request(self.url + path, method=method,
                                         data=b"" if method == "POST" else None)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.read().decode()

    def lines_stored(self, folder, names):
        """How many of each, asked of the files once the daemon is gone."""
        counts = dict.fromkeys(names, 0)
        for line in self.printed(folder):
            counts[line.console] += 1
        return counts

    def printed(self, folder, seconds=EXPORT_SECONDS):
        """Every numbered line in the transcripts, in the order it arrived; an error when they are
        not read within that time."""
        with child([self.program, "db", "export", "--text", "--console", "*", "--data",
                    folder / "transcripts"], seconds, stdout=subprocess.PIPE) as export:
            for text in export.stdout:
                if found := _LINE.match(text):
                    yield StoredLine(found)
            if export.wait():
                raise RuntimeError(f"the transcripts were not read to their end: db export ended with"
                                   f" {export.returncode}; it had {seconds:.0f} s")


_LINE = re.compile(rb"(\S+)Z .*\*Mar  1 (\d\d):(\d\d):(\d\d)\.(\d{3}): .* c(\d{4}) seq=(\d{7})\r?$")


class StoredLine:
    """One of very many: it finds out what it is asked for."""

    def __init__(self, found):
        self._found = found

    @property
    def console(self):
        return "c" + self._found[6].decode()

    @property
    def sequence(self):
        return int(self._found[7])

    @property
    def arrived(self):
        """In Unix seconds."""
        return datetime.datetime.fromisoformat(self._found[1].decode() + "+00:00").timestamp()

    @property
    def since_feeding(self):
        """When it was printed, in seconds of the feeding."""
        hours, minutes, seconds, millis = self._found.group(2, 3, 4, 5)
        return (int(hours) * 60 + int(minutes)) * 60 + int(seconds) + int(millis) / 1e3


def lost_lines(stored, names, last_sequence):
    """How many lines the consoles printed that were not stored."""
    return sum(max(0, last - stored[name]) for name, last in zip(names, last_sequence))


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


def programs_of(lastgasp):
    """The folder of the benchmarks that were built with this collector."""
    return pathlib.Path(lastgasp).resolve().parents[2] / "tests/bench"


def wait_until_answering(lastgasp, within=30):
    deadline = time.monotonic() + within
    while True:
        with contextlib.suppress(OSError):
            return lastgasp.request("/-/healthy")
        if time.monotonic() > deadline:
            raise RuntimeError("the collector does not answer")
        time.sleep(0.05)
