#!/usr/bin/env python3
"""What storing costs: CPU by stage beside zstd on the same text, and commits under load.

    write_bench.py PATH/lastgasp [--size 400M] [--seconds 10] [--json FILE]

CPU is that of the writer's threads for the traffic of 1,000 consoles: the journal, sealing with its
index in the long steps of a busy collector, and packing days that are over, which waits until there is
time. `zstd -1` on the same text in one stream says how fast the machine is. The load is fed at a
steady rate, at 30 MB/s with a thread that searches all the time. Exit status 1 when anything was
refused.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

from figures import Figures
from measuring import cpu_of
from options import bench_options
from simulated import programs_of

LIMIT_SECONDS = 3600


def run(command):
    return json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True,
                                     timeout=LIMIT_SECONDS).stdout)


def stages(fill, size, scratch):
    """Rows of the first table: a name, CPU s a million lines, CPU s per 100 MB, bytes kept of each."""
    plain = scratch / "plain"
    one_day = run([fill, scratch / "one", "--bytes", size, "--days", "1", "--seal-bytes", "8M",
                   "--plain", plain])
    three = run([fill, scratch / "three", "--bytes", size, "--days", "3", "--seal-bytes", "8M"])
    lines = one_day["lines"] / 1e6
    hundreds = one_day["raw_bytes"] / 1e8
    journal, sealing = one_day["journal_cpu_s_per_100_mb"], one_day["sealing_cpu_s_a_million_lines"]
    yield "journal", journal * hundreds / lines, journal, None
    yield ("sealing with its index", sealing, sealing * lines / hundreds,
           one_day["stored_per_raw_byte"])
    # Two of its three days are over.
    packing = (three["sealing_cpu_s_a_million_lines"] - sealing) * 3 / 2
    packed = [path.stat().st_size for path in sorted((scratch / "three/days").glob("*.db"))][:2]
    yield ("packing a day that is over, for good", packing, packing * lines / hundreds,
           sum(packed) / (three["raw_bytes"] * 2 / 3))
    joined = scratch / "joined"
    with joined.open("wb") as out:
        for path in sorted(plain.iterdir()):
            out.write(path.read_bytes())
    seconds, _ = cpu_of(["zstd", "-q", "-1", "-f", joined, "-o", scratch / "joined.zst"],
                        LIMIT_SECONDS)
    size_of = {path: path.stat().st_size for path in (joined, scratch / "joined.zst")}
    yield ("zstd -1 on a logger's files, for the speed of the machine", None,
           seconds / (size_of[joined] / 1e8), size_of[scratch / "joined.zst"] / size_of[joined])


def main():
    options = bench_options(__doc__)
    options.add_argument("--size", default="400M")
    options.add_argument("--seconds", default="10")
    given = options.parse_args()
    programs, figures = programs_of(given.lastgasp), Figures()
    print("| stage | CPU s a million lines | CPU s per 100 MB | bytes kept of each |")
    print("|---|---|---|---|")
    with tempfile.TemporaryDirectory() as scratch:
        for name, lines, megabytes, kept in stages(programs / "fill_transcripts", given.size,
                                                   pathlib.Path(scratch)):
            print(f"| {name} | {'–' if lines is None else f'{lines:.2f}'} | {megabytes:.2f}"
                  f" | {'–' if kept is None else f'{kept:.3f}'} |")
            figures.add(f"{name}: CPU per 100 MB", megabytes, "s")
    print("\n| load | commits, mean ms | over 100 ms | oldest unsynced, p99 ms | max | memory, MB"
          " | searches meanwhile | refused |")
    print("|---|---|---|---|---|---|---|---|")
    refused = 0
    for rate, searches in (("30", "1"), ("115", "0")):
        with tempfile.TemporaryDirectory() as folder:
            load = run([programs / "write_load", folder, "--mb-a-second", rate, "--searches",
                        searches, "--seconds", given.seconds])
        refused += load["refused_bytes"]
        print(f"| {load['megabytes_a_second']:.0f} MB/s | {load['commit_ms_mean']:.0f}"
              f" | {load['commits_over_100_ms']} | {load['unsynced_age_ms_p99']:.0f}"
              f" | {load['unsynced_age_ms_max']:.0f} | {load['memory_mb']:.0f}"
              f" | {load['searches']} | {load['refused_bytes']} |")
        figures.add(f"{rate} MB/s: oldest byte not on disk, longest", load["unsynced_age_ms_max"],
                    "ms")
        figures.add(f"{rate} MB/s: bytes refused", load["refused_bytes"], "", at_most=0)
    figures.write(given.json)
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
