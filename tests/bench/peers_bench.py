#!/usr/bin/env python3
"""The whole collector beside conserver and ConMan on the same simulated consoles, in one run.

    peers_bench.py PATH/lastgasp [--full] [--telnet] [--only WORD] [--json FILE]

Runs each collector in turn on the consoles of the console_simulator built with PATH (nothing leaves
loopback), lets them print numbered lines, and prints a table: CPU of all its processes from the first
line until it is quiet again (user and system), the most memory, the seconds until all consoles were
connected, and the lines that are missing in what it stored. A line is sent once it is in the kernel's
buffers, which hold tens of MB when a collector is slow. lastgasp does all it ever does: rules,
incidents, journal, sealing, metrics; the others write plain files and nothing else. --full adds 1,000
consoles, and 200 that all print at once. A peer that is not installed is left out. Exit status 1 when
lastgasp lost a line.
"""
import argparse
import contextlib
import json
import os
import pathlib
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

CONNECT_SECONDS = 90
SETTLE_SECONDS = 2
QUIET_SECONDS = 30
QUIET_SHARE = 0.05  # of a core; collectors look at their timers also when nothing is printed
FLOOD_BYTES = "400M"

QUICK = [("200 consoles, 5,000 lines/s", 200, 10, ["--lines-a-second", "5000"]),
         ("2 consoles as fast as they are read", 2, 5, ["--flood", "2", "--bytes", FLOOD_BYTES])]
FULL = [("1,000 consoles, 5,000 lines/s", 1000, 20, ["--lines-a-second", "5000"]),
        ("1,000 consoles, 50,000 lines/s", 1000, 20, ["--lines-a-second", "50000"]),
        ("200 consoles, all as fast as they are read", 200, 20, ["--storm", "--bytes", FLOOD_BYTES])]


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def cpu_seconds(pid):
    """Of the process and all its threads: the CPU clock that clock_getcpuclockid(3) names."""
    return time.clock_gettime((~pid << 3) | 2)


def peak_bytes(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"^VmHWM:\s+(\d+) kB", status, re.M).group(1)) * 1024


def with_children(pid):
    """The process and all that descend from it."""
    parents = {}
    for folder in pathlib.Path("/proc").iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(OSError):
                fields = (folder / "stat").read_text().rsplit(") ", 1)[1].split()
                parents[int(folder.name)] = int(fields[1])
    family = [pid]
    for member in family:
        family += [child for child, parent in parents.items() if parent == member]
    return family


def kill_all(pids):
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


@contextlib.contextmanager
def child(command, limit, **more):
    """A process that is ended, by its own pid, at the end of the block or when its time is over."""
    process = subprocess.Popen(command, **more)
    watch = threading.Timer(limit, lambda: kill_all(with_children(process.pid)))
    watch.start()
    try:
        yield process
    finally:
        watch.cancel()
        family = with_children(process.pid)
        process.terminate()
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        kill_all(family[1:])


class Logger:
    """A collector that keeps a plain file for each console."""

    def lines_stored(self, folder, names):
        return {name: self.lines_in(folder / f"{name}.log") for name in names}

    @staticmethod
    def lines_in(path):
        count, kept = 0, b""
        with path.open("rb") as log:
            while block := log.read(1 << 20):
                count += (kept + block).count(b"seq=")
                kept = block[-3:]
        return count


class Conserver(Logger):
    name, program = "conserver", "conserver"

    def command(self, folder, consoles, protocol):
        """Start-up sleeps 0.75 s for each process and 0.1 s for each console of a process."""
        size = round((7.5 * len(consoles)) ** 0.5)
        blocks = [f"console {name} {{ master localhost; type host; host 127.0.0.1; port {port};"
                  f" protocol {'raw' if protocol == 'tcp' else 'telnet'};"
                  f" logfile {folder}/{name}.log; timestamp \"\"; rw *; }}\n"
                  for name, port in consoles.items()]
        (folder / "conserver.cf").write_text("config * { initdelay 0; }\n"
                                             "access * { allowed 127.0.0.1; }\n" + "".join(blocks))
        (folder / "passwords").touch()
        return [self.program, "-M", "127.0.0.1", "-p", str(free_port()), "-m", str(size),
                "-C", folder / "conserver.cf", "-P", folder / "passwords"]


class ConMan(Logger):
    name, program = "ConMan", "conmand"

    def command(self, folder, consoles, _protocol):
        """Any HOST:PORT is telnet to it; without an IAC that is the same."""
        head = (f"server loopback=on\nserver port={free_port()}\nserver logdir=\"{folder}\"\n"
                "global logopts=\"nolock,nosanitize,notimestamp\"\n")
        (folder / "conman.conf").write_text(head + "".join(
            f"console name=\"{name}\" dev=\"127.0.0.1:{port}\" log=\"{name}.log\"\n"
            for name, port in consoles.items()))
        return [self.program, "-F", "-c", folder / "conman.conf"]


class Lastgasp:
    name = "lastgasp"

    def __init__(self, program):
        self.program = program

    def command(self, folder, consoles, protocol):
        # JSON is YAML.
        (folder / "lastgasp.yaml").write_text(json.dumps({
            "storage": {"path": str(folder / "transcripts")},
            "web": {"listen": f"127.0.0.1:{free_port()}"},
            "consoles": [{"name": name, "endpoint": f"{protocol}://127.0.0.1:{port}"}
                         for name, port in consoles.items()]}))
        return [self.program, "run", "--config", folder / "lastgasp.yaml"]

    def lines_stored(self, folder, names):
        """Asked of the files, once the daemon is gone."""
        counts = dict.fromkeys(names, 0)
        with child([self.program, "db", "export", "--text", "--console", "*", "--data",
                    folder / "transcripts"], 300, stdout=subprocess.PIPE) as export:
            for line in export.stdout:
                found = re.search(rb" c(\d{4}) seq=\d{7}\r?$", line.rstrip(b"\n"))
                if found:
                    counts["c" + found.group(1).decode()] += 1
        return counts


def wait_until_quiet(pids):
    """CPU seconds of them once they are done with what was printed."""
    deadline = time.monotonic() + QUIET_SECONDS
    before = sum(map(cpu_seconds, pids))
    while time.monotonic() < deadline:
        time.sleep(0.5)
        now = sum(map(cpu_seconds, pids))
        if now - before <= QUIET_SHARE * 0.5:
            break
        before = now
    return now


class Run:
    """One collector on one case."""

    def __init__(self, simulator, collector, telnet):
        self.simulator, self.collector, self.telnet = simulator, collector, telnet

    def measure(self, consoles, seconds, options, folder):
        limit = CONNECT_SECONDS + SETTLE_SECONDS + seconds + QUIET_SECONDS + 60
        command = [self.simulator, "--consoles", str(consoles), "--seconds", str(seconds), "--wait",
                   str(CONNECT_SECONDS), "--settle", str(SETTLE_SECONDS), "--linger", "120", *options,
                   *(["--telnet"] if self.telnet else [])]
        with child(command, limit, stdout=subprocess.PIPE, text=True) as simulator:
            ports = json.loads(simulator.stdout.readline())["ports"]
            names = {f"c{number:04}": port for number, port in enumerate(ports)}
            command = self.collector.command(folder, names, "telnet" if self.telnet else "tcp")
            begun = time.monotonic()
            with (folder / "said").open("wb") as said, \
                    child(command, limit, stdout=said, stderr=said) as process:
                row = self.follow(simulator, process, begun)
        stored = self.collector.lines_stored(folder, names)
        row["lost_lines"] = sum(max(0, last - stored[name])
                                for name, last in zip(names, row.pop("last_sequence")))
        return row

    def follow(self, simulator, process, begun):
        for told in simulator.stdout:
            event = json.loads(told)
            if event["event"] == "connected":
                row = {"connected": event["connected"],
                       "connect_seconds": time.monotonic() - begun}
            elif event["event"] == "feeding":
                family = with_children(process.pid)
                before = sum(map(cpu_seconds, family))
            elif event["event"] == "over":
                if not event["lines"]:
                    raise RuntimeError(f"{self.collector.name} read no console")
                spent = wait_until_quiet(family) - before
                row |= {"lines": event["lines"], "bytes": event["bytes"],
                        "seconds": event["seconds"], "disconnects": event["disconnects"],
                        "all_taken": event["all_taken"], "last_sequence": event["last_sequence"],
                        "cpu_seconds": spent, "cpu_s_a_million_lines": spent / event["lines"] * 1e6,
                        "peak_bytes": sum(map(peak_bytes, family)), "processes": len(family)}
                return row
        raise RuntimeError("the simulator ended early")


def table(rows):
    yield ("| consoles | collector | CPU s per million lines | beside lastgasp | lines/s sent"
           " | memory, MiB | connected after, s | lines lost |")
    yield "|---|---|---|---|---|---|---|---|"
    ours = {row["case"]: row["cpu_s_a_million_lines"] for row in rows if row["collector"] == "lastgasp"}
    for row in rows:
        cost = row["cpu_s_a_million_lines"]
        ratio = f"{cost / ours[row['case']]:.2f}" if row["case"] in ours else "–"
        yield (f"| {row['case']} | {row['collector']} | {cost:.2f} | {ratio}"
               f" | {row['lines'] / row['seconds']:,.0f} | {row['peak_bytes'] / 2**20:,.0f}"
               f" | {row['connect_seconds']:.1f} | {row['lost_lines']:,} of {row['lines']:,} |")


def complaints(row, consoles):
    if row["connected"] < consoles:
        yield f"{row['connected']} of {consoles} consoles connected"
    if row["disconnects"]:
        yield f"{row['disconnects']} disconnects"
    if not row["all_taken"]:
        yield "did not take all that was printed"
    if row["lost_lines"]:
        yield f"{row['lost_lines']} lines lost"


def run_all(given, collectors):
    simulator = given.lastgasp.parents[2] / "tests/bench/console_simulator"
    rows = []
    for case, consoles, seconds, options in QUICK + (FULL if given.full else []):
        if given.only not in case:
            continue
        for collector in collectors:
            print(f"{collector.name}: {case}", file=sys.stderr)
            with tempfile.TemporaryDirectory(prefix="lastgasp-peers-") as folder:
                row = Run(simulator, collector, given.telnet).measure(
                    consoles, seconds, options, pathlib.Path(folder))
            rows.append({"case": case, "collector": collector.name, **row})
            for complaint in complaints(row, consoles):
                print(f"{collector.name}: {complaint}", file=sys.stderr)
    return rows


def main():
    options = argparse.ArgumentParser(description=__doc__,
                                      formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("lastgasp", type=pathlib.Path)
    options.add_argument("--full", action="store_true", help="1,000 consoles as well")
    options.add_argument("--telnet", action="store_true", help="the consoles speak telnet")
    options.add_argument("--only", default="", help="the cases that have this in their name")
    options.add_argument("--json", type=pathlib.Path, help="the figures, for a script")
    given = options.parse_args()
    given.lastgasp = given.lastgasp.resolve()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    peers = [Conserver(), ConMan()]
    for peer in peers:
        if not shutil.which(peer.program):
            print(f"{peer.name} is not installed and left out")
    rows = run_all(given, [Lastgasp(given.lastgasp)] + [p for p in peers if shutil.which(p.program)])
    print("\n".join(table(rows)))
    if given.json:
        given.json.write_text(json.dumps(rows, indent=2))
    return 1 if any(row["lost_lines"] for row in rows if row["collector"] == "lastgasp") else 0


if __name__ == "__main__":
    os.environ["PATH"] += ":/usr/sbin"
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(2))
    sys.exit(main())
