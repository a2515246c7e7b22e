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
import os
import pathlib
import shutil
import sys
import tempfile
import time

from figures import Figures
from measuring import (QUIET_SECONDS, child, cpu_seconds, end_by_signal, free_port, peak_bytes,
                       raise_open_files, wait_until_quiet, with_children)
from options import bench_options
from simulated import Lastgasp, lost_lines, programs_of, simulator

CONNECT_SECONDS = 90
SETTLE_SECONDS = 2
FLOOD_BYTES = "400M"

QUICK = [("200 consoles, 5,000 lines/s", 200, 10, ["--lines-a-second", "5000"]),
         ("2 consoles as fast as they are read", 2, 5, ["--flood", "2", "--bytes", FLOOD_BYTES])]
FULL = [("1,000 consoles, 5,000 lines/s", 1000, 20, ["--lines-a-second", "5000"]),
        ("1,000 consoles, 50,000 lines/s", 1000, 20, ["--lines-a-second", "50000"]),
        ("200 consoles, all as fast as they are read", 200, 20, ["--storm", "--bytes", FLOOD_BYTES])]

# What lastgasp is to reach: CPU s a million lines, MB at most, seconds until all are connected.
TARGETS = {"2 consoles as fast as they are read": {"cpu_s_a_million_lines": 1.3},
           "1,000 consoles, 5,000 lines/s":
               {"cpu_s_a_million_lines": 8, "peak_bytes": 60, "connect_seconds": 2},
           "1,000 consoles, 50,000 lines/s":
               {"cpu_s_a_million_lines": 3.5, "peak_bytes": 60, "connect_seconds": 2}}


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


class Run:
    """One collector on one case."""

    def __init__(self, programs, collector, telnet):
        self.programs, self.collector, self.telnet = programs, collector, telnet

    def measure(self, consoles, seconds, options, folder):
        limit = CONNECT_SECONDS + SETTLE_SECONDS + seconds + QUIET_SECONDS + 60
        with simulator(self.programs, consoles, limit, "--seconds", seconds, "--wait",
                       CONNECT_SECONDS, "--settle", SETTLE_SECONDS, "--linger", 120, *options,
                       *(["--telnet"] if self.telnet else [])) as simulated:
            names = simulated.names
            command = self.collector.command(folder, dict(zip(names, simulated.ports)),
                                             "telnet" if self.telnet else "tcp")
            begun = time.monotonic()
            with (folder / "said").open("wb") as said, \
                    child(command, limit, stdout=said, stderr=said) as process:
                row = self.follow(simulated, process, begun)
        stored = self.collector.lines_stored(folder, names)
        row["lost_lines"] = lost_lines(stored, names, row.pop("last_sequence"))
        return row

    def follow(self, simulated, process, begun):
        connected = simulated.wait_for("connected")["connected"]
        connect_seconds = time.monotonic() - begun
        simulated.wait_for("feeding")
        family = with_children(process.pid)
        before = sum(map(cpu_seconds, family))
        over = simulated.wait_for("over")
        if not over["lines"]:
            raise RuntimeError(f"{self.collector.name} read no console")
        spent = wait_until_quiet(family) - before
        return {"connected": connected, "connect_seconds": connect_seconds, "lines": over["lines"],
                "seconds": over["seconds"], "disconnects": over["disconnects"],
                "all_taken": over["all_taken"], "last_sequence": over["last_sequence"],
                "cpu_s_a_million_lines": spent / over["lines"] * 1e6,
                "peak_bytes": sum(map(peak_bytes, family))}


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


def figures_of(rows):
    """Ours, with what the peers took for the same beside it."""
    figures = Figures()
    for ours in (row for row in rows if row["collector"] == "lastgasp"):
        peers = [row for row in rows if row["case"] == ours["case"] and row is not ours]
        targets = {"lost_lines": 0, **TARGETS.get(ours["case"], {})}
        for what, key, unit, scale in (("CPU a million lines", "cpu_s_a_million_lines", "s", 1),
                                       ("memory", "peak_bytes", "MB", 1e-6),
                                       ("all connected after", "connect_seconds", "s", 1),
                                       ("lines lost", "lost_lines", "", 1)):
            figures.add(f"{ours['case']}: {what}", ours[key] * scale, unit, at_most=targets.get(key),
                        beside={row["collector"]: row[key] * scale for row in peers})
    return figures


def run_all(given, collectors):
    rows = []
    for case, consoles, seconds, options in QUICK + (FULL if given.full else []):
        if given.only not in case:
            continue
        for collector in collectors:
            print(f"{collector.name}: {case}", file=sys.stderr)
            with tempfile.TemporaryDirectory(prefix="lastgasp-peers-") as folder:
                row = Run(programs_of(given.lastgasp), collector, given.telnet).measure(
                    consoles, seconds, options, pathlib.Path(folder))
            rows.append({"case": case, "collector": collector.name, **row})
            for complaint in complaints(row, consoles):
                print(f"{collector.name}: {complaint}", file=sys.stderr)
    return rows


def main():
    options = bench_options(__doc__, full="1,000 consoles as well")
    options.add_argument("--telnet", action="store_true", help="the consoles speak telnet")
    options.add_argument("--only", default="", help="the cases that have this in their name")
    given = options.parse_args()
    raise_open_files()
    peers = [Conserver(), ConMan()]
    for peer in peers:
        if not shutil.which(peer.program):
            print(f"{peer.name} is not installed and left out")
    rows = run_all(given, [Lastgasp(given.lastgasp)] + [p for p in peers if shutil.which(p.program)])
    print("\n".join(table(rows)))
    figures_of(rows).write(given.json)
    return 1 if any(row["lost_lines"] for row in rows if row["collector"] == "lastgasp") else 0


if __name__ == "__main__":
    os.environ["PATH"] += ":/usr/sbin"
    end_by_signal()
    sys.exit(main())
