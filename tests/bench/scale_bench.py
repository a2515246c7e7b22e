#!/usr/bin/env python3
"""One collector on very many consoles: idle, reading, scraped, and reloaded while it reads.

    scale_bench.py PATH/lastgasp [--full] [--json FILE]

Connects the collector to all consoles of the simulator, leaves them silent for a while, then lets
them print numbered lines throughout three phases: undisturbed; scraped every second; a reload that
touches ten consoles. A line's delay is from when it was printed to the time of arrival in the
transcript, so whatever keeps a reader from reading shows there; what keeps the simulator from
printing shows as well. Without --full it is 2,000 consoles, with it 9,500, about as many as one
process may have open files for. Exit status 1 when a line is missing on a console that was not
touched.
"""
import json
import pathlib
import sys
import tempfile
import time

from figures import Figures
from measuring import child, cpu_seconds, end_by_signal, raise_open_files, resident_bytes
from options import bench_options
from simulated import (Lastgasp, lost_lines, percentile, programs_of, simulator,
                       wait_until_answering)

CONNECT_SECONDS = 60
IDLE_SECONDS = 10
TOUCHED = 10
PHASES = ("undisturbed", "scraped every second", "reloaded")

SETUP = {"consoles": 2000, "lines": 20000, "phase": 5}
FULL_SETUP = {"consoles": 9500, "lines": 50000, "phase": 10}


class Scale:
    def __init__(self, lastgasp, setup, folder, figures):
        self.lastgasp, self.setup, self.folder, self.figures = lastgasp, setup, folder, figures
        self.title = f"{setup['consoles']:,} TCP consoles"

    def add(self, what, value, unit, **more):
        self.figures.add(f"{self.title}: {what}", value, unit, **more)

    def run(self):
        """Lines lost by consoles that were not touched."""
        seconds = self.setup["phase"] * len(PHASES)
        limit = CONNECT_SECONDS + IDLE_SECONDS + seconds + 60
        with simulator(programs_of(self.lastgasp.program), self.setup["consoles"], limit,
                       "--lines-a-second", self.setup["lines"], "--seconds", seconds, "--wait",
                       CONNECT_SECONDS, "--settle", IDLE_SECONDS + 3, "--linger", 30) as simulated:
            consoles = dict(zip(simulated.names, simulated.ports))
            command = self.lastgasp.command(self.folder, consoles, metrics={"per_console": "basic"})
            begun = time.monotonic()
            with (self.folder / "said").open("wb") as said, \
                    child(command, limit, stdout=said, stderr=said) as process:
                over, fed_at = self.follow(simulated, process.pid, begun)
        return self.judge(simulated.names, over["last_sequence"], fed_at)

    def follow(self, simulated, pid, begun):
        connected = simulated.wait_for("connected")["connected"]
        self.add("connected", connected, "", at_least=self.setup["consoles"])
        self.add("all connected after", time.monotonic() - begun, "s", at_most=15)
        wait_until_answering(self.lastgasp)
        time.sleep(1)
        self.idle(pid)
        fed_at = simulated.wait_for("feeding")["unix_seconds"]
        before = cpu_seconds(pid)
        phase_ends = [time.monotonic() + self.setup["phase"] * n for n in (1, 2)]
        time.sleep(self.setup["phase"])
        self.add("CPU a million lines", (cpu_seconds(pid) - before)
                 / (self.setup["lines"] * self.setup["phase"] / 1e6), "s")
        self.scrape_until(phase_ends[1])
        self.reload(pid)
        over = simulated.wait_for("over")
        time.sleep(1)
        self.add("memory while they print", resident_bytes(pid) / 1e6, "MB", at_most=250)
        return over, fed_at

    def idle(self, pid):
        before = cpu_seconds(pid)
        time.sleep(IDLE_SECONDS - 4)
        self.add("CPU while all are silent", (cpu_seconds(pid) - before) / (IDLE_SECONDS - 4) * 100,
                 "% of a core", at_most=2)
        self.add("memory while all are silent", resident_bytes(pid) / 1e6, "MB", at_most=250)
        costs = []
        for _ in range(3):
            before = cpu_seconds(pid)
            page = self.lastgasp.request("/metrics")
            costs.append((cpu_seconds(pid) - before) * 1e3)
        self.add(f"a scrape, basic detail, {len(page) / 1e6:.1f} MB, CPU", min(costs), "ms",
                 at_most=150)

    def scrape_until(self, end):
        while time.monotonic() < end - 1:
            self.lastgasp.request("/metrics")
            time.sleep(1)
        time.sleep(max(0, end - time.monotonic()))

    def touched(self):
        return [f"c{number:04}" for number in range(TOUCHED)]

    def reload(self, pid):
        file = self.folder / "lastgasp.yaml"
        config = json.loads(file.read_text())
        for console in config["consoles"]:
            if console["name"] in self.touched():
                console["labels"] = {"touched": "yes"}
        file.write_text(json.dumps(config))
        time.sleep(1)
        cpu, begun = cpu_seconds(pid), time.monotonic()
        said = self.lastgasp.request("/-/reload", "POST")
        self.add(f"a reload that touches {TOUCHED}", (time.monotonic() - begun) * 1e3, "ms",
                 at_most=500)
        self.add(f"a reload that touches {TOUCHED}: CPU, reading meanwhile included",
                 (cpu_seconds(pid) - cpu) * 1e3, "ms")
        if f"{TOUCHED} changed, {self.setup['consoles'] - TOUCHED} untouched" not in said:
            raise RuntimeError(f"the reload was to touch {TOUCHED} consoles: {said}")

    def judge(self, names, last_sequence, fed_at):
        stored = dict.fromkeys(names, 0)
        delays = {phase: [] for phase in PHASES}
        touched = set(self.touched())
        for line in self.lastgasp.printed(self.folder):
            stored[line.console] += 1
            phase = min(len(PHASES) - 1, int(line.since_feeding / self.setup["phase"]))
            if line.console not in touched:
                delays[PHASES[phase]].append(line.arrived - fed_at - line.since_feeding)
        for phase in PHASES:
            for share, name in ((0.5, "median"), (0.99, "p99"), (1, "longest")):
                self.add(f"{self.setup['lines']:,} lines/s, {phase}: a line's delay, {name}",
                         percentile(delays[phase], share) * 1e3, "ms")
        untouched = [name for name in names if name not in touched]
        lost = lost_lines(stored, untouched, last_sequence[TOUCHED:])
        self.add(f"{self.setup['lines']:,} lines/s: lines lost", lost, "", at_most=0)
        return lost


def main():
    given = bench_options(__doc__, full="9,500 consoles").parse_args()
    raise_open_files()
    figures = Figures()
    with tempfile.TemporaryDirectory(prefix="lastgasp-scale-") as folder:
        lost = Scale(Lastgasp(given.lastgasp), FULL_SETUP if given.full else SETUP,
                     pathlib.Path(folder), figures).run()
    figures.print()
    figures.write(given.json)
    return 1 if lost else 0


if __name__ == "__main__":
    end_by_signal()
    sys.exit(main())
