#!/usr/bin/env python3
"""From the start of the program to the first byte it reads from a console.

    start_bench.py PATH/lastgasp [--full] [--json FILE]

The consoles print from the beginning, whether they are read or not. The time is from just before the
process is made to the time of arrival that the transcript has of the first line. With one console,
and, with --full, with a configuration of 9,500 that all print: there the time until every one is
connected counts as well, which is what a restart at the worst moment takes.
"""
import pathlib
import re
import statistics
import sys
import tempfile
import time

from figures import Figures
from measuring import child, cpu_seconds, end_by_signal, raise_open_files
from options import bench_options
from simulated import Lastgasp, programs_of, simulator, wait_until_answering

LIMIT_SECONDS = 120
RUNS = 5
AT_MOST_MS = 300


def started(lastgasp, consoles, lines_a_second, seconds):
    """Seconds until the first byte and until all were connected, and the CPU spent by then."""
    with tempfile.TemporaryDirectory(prefix="lastgasp-start-") as folder:
        folder = pathlib.Path(folder)
        with simulator(programs_of(lastgasp.program), consoles, LIMIT_SECONDS, "--wait", 0,
                       "--settle", 0, "--lines-a-second", lines_a_second, "--seconds",
                       seconds) as simulated:
            command = lastgasp.command(folder, dict(zip(simulated.names, simulated.ports)),
                                       metrics={"per_console": "off"})
            simulated.wait_for("feeding")
            time.sleep(0.5)
            begun = time.time()
            with (folder / "said").open("wb") as said, \
                    child(command, LIMIT_SECONDS, stdout=said, stderr=said) as process:
                connected = until_up(lastgasp, consoles, begun, seconds)
                cpu = cpu_seconds(process.pid)
                simulated.wait_for("over")
        return min(line.arrived for line in lastgasp.printed(folder)) - begun, connected, cpu


def until_up(lastgasp, consoles, begun, seconds):
    wait_until_answering(lastgasp)
    while time.time() < begun + seconds:
        up = re.search(r'lastgasp_consoles\{state="up"\} (\S+)', lastgasp.request("/metrics"))
        if float(up[1]) >= consoles:
            return time.time() - begun
        time.sleep(0.02)
    return float("inf")


def main():
    given = bench_options(__doc__, full="9,500 consoles as well").parse_args()
    raise_open_files()
    lastgasp, figures = Lastgasp(given.lastgasp), Figures()
    runs = [started(lastgasp, 1, 200, 3) for _ in range(RUNS)]
    figures.add("start to first byte, 1 console, median of 5",
                statistics.median(first for first, _, _ in runs) * 1e3, "ms", at_most=AT_MOST_MS)
    figures.add("start with 1 console, CPU", min(cpu for _, _, cpu in runs) * 1e3, "ms")
    if given.full:
        first, connected, cpu = started(lastgasp, 9500, 50000, 20)
        figures.add("start to first byte, 9,500 consoles that print 50,000 lines/s", first * 1e3,
                    "ms")
        figures.add("start until all are connected, 9,500 consoles that print 50,000 lines/s",
                    connected, "s", at_most=15)
        figures.add("start until all are connected, 9,500 consoles, CPU", cpu, "s")
    figures.print()
    figures.write(given.json)
    return 0


if __name__ == "__main__":
    end_by_signal()
    sys.exit(main())
