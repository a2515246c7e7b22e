#!/usr/bin/env python3
"""CPU of a search in months of transcripts, beside ripgrep and zstdgrep on a console logger's files.

    search_bench.py PATH/lastgasp [--size 200M] [--folder FOLDER] [--runs N] [--json FILE]

Fills FOLDER once, by the fill_transcripts built with PATH: transcripts, the same bytes as plain
files (one for each console and day), and these packed by zstd -3, a day to a file: zstdgrep starts
programs for each of its files, which would cost it more than the search. Each figure is user and system
time of the process and its children, start-up included, the best of N with everything in the page
cache; beside it that of the search alone, by search_cost. Hits are counted and must be the same for
all. Exit status 1 when they are not.
"""
import collections
import json
import os
import pathlib
import re
import resource
import subprocess
import sys
import tempfile

from figures import Figures
from options import bench_options
from simulated import programs_of

LIMIT_SECONDS = 3600
DAY = re.compile(r"\d{4}-\d\d-\d\d")


def measured(command, cwd):
    """CPU seconds of the command, and the lines it printed. 1 means that nothing was found."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with tempfile.TemporaryFile() as out:
        done = subprocess.run(command, cwd=cwd, stdout=out, stderr=subprocess.PIPE,
                              timeout=LIMIT_SECONDS, check=False)
        if done.returncode not in (0, 1):
            sys.exit(f"{command[0]}: {done.stderr.decode(errors='replace')}")
        out.seek(0)
        lines = sum(1 for _ in out)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime), lines


def best(command, cwd, runs):
    taken = [measured(command, cwd) for _ in range(runs)]
    return min(seconds for seconds, _ in taken), taken[0][1]


def fill(fill_transcripts, folder, size):
    """The folders of one size, made unless they are complete from an earlier run."""
    report = folder / "report.json"
    if not report.exists():
        folder.mkdir(parents=True, exist_ok=True)
        print(f"filling {folder}", file=sys.stderr)
        said = subprocess.run([fill_transcripts, folder / "transcripts", "--bytes", size, "--plain",
                               folder / "plain"], stdout=subprocess.PIPE, check=True,
                              timeout=LIMIT_SECONDS).stdout
        pack(folder)
        report.write_bytes(said)
    return json.loads(report.read_text())


def pack(folder):
    (folder / "packed").mkdir(exist_ok=True)
    days = collections.defaultdict(list)
    for path in sorted((folder / "plain").iterdir()):
        days[DAY.search(path.name)[0]].append(path)
    for day, paths in days.items():
        packer = subprocess.Popen(["zstd", "-q", "-3", "-f", "-o", folder / "packed" / f"{day}.zst"],
                                  stdin=subprocess.PIPE)
        with packer.stdin as all_of_it:
            for path in paths:
                all_of_it.write(path.read_bytes())
        if packer.wait(LIMIT_SECONDS) != 0:
            sys.exit(f"zstd could not pack {day}")


class Bench:
    def __init__(self, lastgasp, folder, runs, with_zstdgrep):
        self.lastgasp, self.folder, self.runs = lastgasp, folder, runs
        self.packed = sorted(path.name for path in (folder / "packed").iterdir())
        self.with_zstdgrep = with_zstdgrep
        self.rows, self.wrong = [], []

    def search(self, *arguments):
        """CPU of the process, that of the search alone, and the lines found."""
        transcripts = self.folder / "transcripts"
        taken, lines = best([self.lastgasp, "search", "--data", transcripts, *arguments],
                            self.folder, self.runs)
        alone = subprocess.run([programs_of(self.lastgasp) / "search_cost", "--runs",
                                str(2 * self.runs), transcripts, *arguments],
                               stdout=subprocess.PIPE, check=True, timeout=LIMIT_SECONDS).stdout
        return taken, json.loads(alone)["cpu_s"], lines

    def compared(self, query):
        """A query of which every line is asked for; the newest 100 of those not counted when planted."""
        all_of_it = query["hits"] > 0 or query["name"] == "nowhere"
        kind = ["-e"] if query["regex"] else []
        limit = "1000000" if all_of_it else "100"
        ours, alone, found = self.search("-n", limit, *kind, query["text"])
        rg, rg_found = best(["rg", "--no-config", "-I", "-N", "-a",
                             "-e" if query["regex"] else "-F", query["text"], "plain"],
                            self.folder, self.runs)
        row = {"query": query["name"], "hits": found, "search_s": alone, "lastgasp_s": ours,
               "ripgrep_s": rg}
        found_by = {"ripgrep": rg_found}
        if self.with_zstdgrep:
            row["zstdgrep_s"], found_by["zstdgrep"] = measured(
                ["zstdgrep", "-h", "-a", "-E" if query["regex"] else "-F", query["text"],
                 *self.packed], self.folder / "packed")
        self.rows.append(row)
        if all_of_it:
            for other, count in {**found_by, "what was planted": query["hits"]}.items():
                if count != found:
                    self.wrong.append(f"{query['name']}: {found} hits, {other}: {count}")

    def run(self, report):
        started, _ = best([self.lastgasp, "version"], self.folder, self.runs)
        self.rows.append({"query": "(start of the program)", "hits": None, "lastgasp_s": started})
        for query in report["needles"]:
            self.compared(query)
        seconds, alone, found = self.search("-n", "200", "--console", report["busiest_console"],
                                            "--until", report["rare_literal_at"], "")
        self.rows.append({"query": "last 200 lines before a time", "hits": found,
                          "search_s": alone, "lastgasp_s": seconds})


def table(rows):
    def ms(row, key):
        return f"{row[key] * 1e3:,.0f}" if key in row else "–"

    def times(row, key):
        return f"{row[key] / max(row['search_s'], 1e-4):,.0f}" if key in row else "–"

    yield ("| query | lines | the search, ms | the process, ms | ripgrep, ms | times"
           " | zstdgrep, ms | times |")
    yield "|---|---|---|---|---|---|---|---|"
    for row in rows:
        alone = f"{row['search_s'] * 1e3:,.1f}" if "search_s" in row else "–"
        yield (f"| {row['query']} | {'–' if row['hits'] is None else row['hits']}"
               f" | {alone} | {row['lastgasp_s'] * 1e3:,.1f}"
               f" | {ms(row, 'ripgrep_s')} | {times(row, 'ripgrep_s')}"
               f" | {ms(row, 'zstdgrep_s')} | {times(row, 'zstdgrep_s')} |")


def figures_of(rows):
    figures = Figures()
    for row in rows:
        if "search_s" not in row:
            continue
        others = {"ripgrep": "ripgrep_s", "zstdgrep": "zstdgrep_s", "the process": "lastgasp_s"}
        figures.add(f"search: {row['query']}, CPU", row["search_s"] * 1e3, "ms",
                    beside={name: row[key] * 1e3 for name, key in others.items() if key in row})
    return figures


def main():
    options = bench_options(__doc__)
    options.add_argument("--size", default="200M", help="raw bytes, as 2G (200M)")
    options.add_argument("--folder", type=pathlib.Path,
                         default=pathlib.Path(tempfile.gettempdir()) / "lastgasp-search-bench")
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--no-zstdgrep", action="store_true", help="it takes minutes on 10G")
    given = options.parse_args()
    lastgasp = given.lastgasp
    folder = (given.folder / given.size).resolve()
    report = fill(programs_of(lastgasp) / "fill_transcripts", folder, given.size)
    bench = Bench(lastgasp, folder, given.runs, not given.no_zstdgrep)
    bench.run(report)
    print("\n".join(table(bench.rows)))
    print(f"\n{report['raw_bytes'] / 1e9:.2f} GB in {report['lines'] / 1e6:.1f} million lines;"
          f" {report['stored_per_raw_byte']:.3f} bytes kept of each")
    figures_of(bench.rows).write(given.json)
    for complaint in bench.wrong:
        print(f"WRONG: {complaint}", file=sys.stderr)
    return 1 if bench.wrong else 0


if __name__ == "__main__":
    os.environ["LC_ALL"] = "C"
    sys.exit(main())
