#!/usr/bin/env python3
"""A collector in trouble for a long time, and whether anything was lost, leaked, stuck or miscounted.

    soak.py PATH/lastgasp MINUTES [--seed N] [--consoles N] [--lines-a-second N]
            [--programs FOLDER] [--reader PATH/lastgasp]

The simulator's consoles print numbered lines; meanwhile they hang up, flood, make noise and crash,
the configuration is reloaded, rightly and wrongly, Alertmanager is killed, and people search and
send garbage. At the end every line must be in the transcripts, once and in order, the counters must
be what the simulator knows, Alertmanager must know of every open incident, memory must have stopped
growing, and the collector must end by itself, without a word from a sanitizer. The seed makes the
same choices again, though not at the same moments. Exit status 1 when something is wrong; the
folder with all that was said is kept then.
"""
import argparse
import collections
import json
import os
import pathlib
import random
import shutil
import signal
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "bench"))
from alertmanager import Alertmanager
from measuring import child, end_by_signal, raise_open_files, resident_bytes
from simulated import Lastgasp, programs_of, simulator, wait_until_answering
from troubles import Troubles
import verdict

CONNECT_SECONDS = 120
SETTLE_SECONDS = 90    # an Alertmanager that was down is told again every minute
END_SECONDS = 120
READ_SECONDS = 20e-6   # a line that is read back
SAMPLE_SECONDS = 2
LEAST_MINUTES_FOR_MEMORY = 5  # what is kept of each console must have filled up


class Listening(threading.Thread):
    """Reads the simulator's events as they come; what the collector left behind is remembered."""

    def __init__(self, simulated):
        super().__init__(daemon=True)
        self._simulated, self.over = simulated, None
        self.left = collections.defaultdict(set)

    def run(self):
        for event in self._simulated.events():
            if event["event"] == "left":
                self.left[f"c{event['console']:04}"].add(event["sequence"])
            if event["event"] == "over":
                self.over = event
                return


class Sampling(threading.Thread):
    """Memory of the collector, now and then."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self._pid, self._end, self.bytes = pid, threading.Event(), []

    def run(self):
        while not self._end.wait(SAMPLE_SECONDS):
            self.bytes.append(resident_bytes(self._pid))

    def end(self):
        self._end.set()
        self.join()
        return self.bytes


def open_files(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


class Soak:
    def __init__(self, given, folder):
        self.given, self.folder = given, folder
        self.lastgasp, self.wrong = Lastgasp(given.lastgasp), []

    def run(self):
        given = self.given
        seconds = given.minutes * 60
        limit = seconds + CONNECT_SECONDS + SETTLE_SECONDS + END_SECONDS + 60
        with Alertmanager(self.folder) as alertmanager, \
                simulator(given.programs, given.consoles, limit, "--commands", "--lines-a-second",
                          given.lines_a_second, "--seconds", limit, "--wait", CONNECT_SECONDS,
                          "--linger", limit) as simulated:
            command = self.lastgasp.command(
                self.folder, dict(zip(simulated.names, simulated.ports)),
                alertmanagers=[alertmanager.url])
            with (self.folder / "said").open("wb") as said, \
                    child(command, limit, stdout=said, stderr=said,
                          env={**os.environ, "ASAN_OPTIONS": "quarantine_size_mb=16"}) as process:
                self.soak(simulated, alertmanager, process, seconds)
        self.wrong += verdict.daemon(process.returncode, (self.folder / "said").read_text(
            errors="replace"))
        seconds = END_SECONDS + self.over["lines"] * READ_SECONDS
        print(f"soak: {self.over['lines']:,} lines are read back, in no more than"
              f" {seconds / 60:.0f} minutes", flush=True)
        self.wrong += verdict.lines(Lastgasp(given.reader).printed(self.folder, seconds),
                                    self.names, self.over["last_sequence"], self.left)

    def soak(self, simulated, alertmanager, process, seconds):
        simulated.wait_for("feeding")
        wait_until_answering(self.lastgasp)
        listening, sampling = Listening(simulated), Sampling(process.pid)
        listening.start()
        sampling.start()
        files = open_files(process.pid)
        troubles = Troubles(self.given.seed, self.given, simulated, self.lastgasp, alertmanager,
                            self.folder)
        troubles.go_on_until(time.monotonic() + seconds)
        samples = sampling.end()
        troubles.end()
        self.happened, self.names = troubles.happened, simulated.names
        self.settle(alertmanager)
        simulated.tell("end")
        listening.join(END_SECONDS)
        if not listening.over:
            raise RuntimeError("the simulator does not end")
        self.over, self.left = listening.over, listening.left
        self.judge(troubles, samples, files, process.pid)
        process.send_signal(signal.SIGTERM)
        process.wait(END_SECONDS)

    def settle(self, alertmanager):
        """Until Alertmanager knows of every open incident."""
        deadline = time.monotonic() + SETTLE_SECONDS
        while missing := self.open_incidents() - {alert["labels"]["console"]
                                                  for alert in alertmanager.alerts()}:
            if time.monotonic() > deadline:
                self.wrong.append(f"Alertmanager knows nothing of {sorted(missing)}")
                return
            time.sleep(1)

    def open_incidents(self):
        page = json.loads(self.lastgasp.request("/api/v1/incidents?open=1&limit=1000"))
        return {incident["console"] for incident in page["incidents"]}

    def judge(self, troubles, samples, files, pid):
        stable = self.names[:-self.given.volatile]
        deadline = time.monotonic() + END_SECONDS
        while True:  # what is in the sockets is still to be read
            metrics = verdict.metrics_of(self.lastgasp.request("/metrics"))
            wrong = list(verdict.counters(metrics, stable, self.over, self.names))
            if not wrong or time.monotonic() > deadline:
                break
            time.sleep(1)
        self.wrong += wrong + troubles.wrong
        self.wrong += verdict.incidents(metrics, troubles.crashed, stable)
        self.wrong += verdict.files(files, open_files(pid))
        print(f"soak: memory {samples[len(samples) // 2] / 1e6:.0f} MB halfway,"
              f" {samples[-1] / 1e6:.0f} MB at the end, {max(samples) / 1e6:.0f} MB at most")
        if self.given.minutes >= LEAST_MINUTES_FOR_MEMORY:
            self.wrong += verdict.memory(samples)
        else:
            print(f"soak: too short to say whether memory grows"
                  f" ({LEAST_MINUTES_FOR_MEMORY} minutes are needed)")


def main():
    options = argparse.ArgumentParser(description=__doc__,
                                      formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("lastgasp", type=pathlib.Path)
    options.add_argument("minutes", type=float)
    options.add_argument("--seed", type=int, help="makes the choices of an earlier soak again")
    options.add_argument("--consoles", type=int, default=200)
    options.add_argument("--volatile", type=int, default=20, help="so many come and go by reloads")
    options.add_argument("--lines-a-second", type=int, default=2000)
    options.add_argument("--programs", type=pathlib.Path, help="folder of the built benchmarks")
    options.add_argument("--reader", type=pathlib.Path, help="the lastgasp that reads the transcripts")
    given = options.parse_args()
    given.lastgasp = given.lastgasp.resolve()
    given.programs = (given.programs or programs_of(given.lastgasp)).resolve()
    given.reader = (given.reader or given.lastgasp).resolve()
    given.seed = given.seed if given.seed is not None else random.randrange(1 << 32)
    raise_open_files()
    print(f"soak: {given.minutes:g} minutes, --seed {given.seed}", flush=True)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="lastgasp-soak-"))
    soak = Soak(given, folder)
    soak.run()
    print("soak: " + ", ".join(f"{count} {name}" for name, count in sorted(soak.happened.items())))
    print(f"soak: {soak.over['lines']:,} lines of {given.consoles} consoles,"
          f" {soak.over['bytes'] / 1e6:,.0f} MB")
    for complaint in soak.wrong[:50]:
        print(f"soak: WRONG: {complaint}")
    if soak.wrong:
        print(f"soak: {len(soak.wrong)} things are wrong; see {folder}")
        return 1
    shutil.rmtree(folder)
    print("soak: no line lost, nothing stuck, counters right")
    return 0


if __name__ == "__main__":
    end_by_signal()
    sys.exit(main())
