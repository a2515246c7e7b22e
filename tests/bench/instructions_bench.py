#!/usr/bin/env python3
"""Instructions a line of each stage of the hot path, counted by callgrind.

    instructions_bench.py PATH/lastgasp [--json FILE]

A number that does not wobble with what else the machine does: hot_path runs up to a stage over the
same bytes, twice as many the second time; what the second half took, less what the stages before it
took, is the stage's. System calls count nothing. Takes some minutes. Needs the Debian package valgrind.
"""
import concurrent.futures
import os
import re
import subprocess
import sys
import tempfile

from figures import Figures
from measuring import end_by_signal
from options import bench_options
from simulated import programs_of

LIMIT_SECONDS = 600
MEGABYTES = 4

# A stage, the one it is more than, and what it is called.
STAGES = [("lines", "text", "bytes into cleaned lines"),
          ("match", "lines", "matching against all rules, 2 % hit"),
          ("incidents", "match", "incidents and boots"),
          ("redaction", "text", "masking secrets"),
          ("journal", "text", "journal, packed and committed"),
          ("sealing", "journal", "sealing with its index")]


def counted(program, stage, megabytes):
    """Instructions and lines of one run."""
    with tempfile.TemporaryDirectory(prefix="lastgasp-callgrind-") as folder:
        done = subprocess.run(
            ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out", program, stage,
             f"{megabytes}M"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            check=True, timeout=LIMIT_SECONDS)
    return (int(re.search(r"Collected : (\d+)", done.stderr)[1]),
            int(re.match(r"(\d+) lines", done.stdout)[1]))


def a_line(program, stage, workers):
    """Instructions a line of all that is done up to this stage; to be called for the value."""
    once, twice = (workers.submit(counted, program, stage, size)
                   for size in (MEGABYTES, 2 * MEGABYTES))

    def difference():
        (less, few), (more, many) = once.result(), twice.result()
        return (more - less) / (many - few)
    return difference


def main():
    given = bench_options(__doc__).parse_args()
    program = programs_of(given.lastgasp) / "hot_path"
    figures = Figures()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as workers:
        names = sorted({name for stage, base, _ in STAGES for name in (stage, base)})
        cost = {name: a_line(program, name, workers) for name in names}
        for stage, base, title in STAGES:
            figures.add(f"{title}: instructions a line", cost[stage]() - cost[base](), "")
    figures.print()
    figures.write(given.json)
    return 0


if __name__ == "__main__":
    end_by_signal()
    sys.exit(main())
