#!/usr/bin/env python3
"""All benchmarks in one run, as a table.

    suite.py BUILD_FOLDER [quick|full] [--only WORD] [--out FOLDER]

`quick` takes about two minutes, `full` half an hour. Writes FOLDER/bench.json and FOLDER/bench.md:
the machine, the versions of everything that took part, and each figure with what it is to reach and
what did the same beside it in this run. Figures of different runs are not to be compared unless the
machine was quiet; instruction counts are. Exit status 1 when a benchmark failed, which is when
something was lost; a figure that misses what it is to reach is told and is no failure.
"""
import argparse
import collections
import datetime
import json
import os
import pathlib
import platform
import re
import subprocess
import sys
import tempfile
import time

import figures

HERE = pathlib.Path(__file__).resolve().parent
LIMIT_SECONDS = 3600

# One benchmark of google-benchmark as a figure. `value` and `beside` take what it reports.
Micro = collections.namedtuple("Micro", "program name what unit value at_most at_least beside",
                               defaults=(None, None, {}))


def ns_an_item(report):
    return 1e9 / report["items_per_second"]


def megabytes_a_second(report):
    return report["bytes_per_second"] / 1e6


def cpu_milliseconds(report):
    return report["cpu_time"] * {"ns": 1e-6, "us": 1e-3, "ms": 1, "s": 1e3}[report["time_unit"]]


def cpu_seconds_a_million_lines(report):
    return report["cpu_s_a_million_lines"]


MICRO = [
    Micro("match_bench", "built_in_boring", "matching a boring line, built-in rules", "ns",
          ns_an_item, at_most=150, beside={"one expression after the other": "built_in_one_by_one"}),
    Micro("match_bench", "built_in_40_permille_hits", "matching a line, 4 % hit, built-in rules",
          "ns", ns_an_item, at_most=400),
    Micro("match_bench", "made_up_boring/rules:1000", "matching a boring line, 1,000 rules", "ns",
          ns_an_item, beside={"30 rules": "made_up_boring/rules:30",
                              "100 rules": "made_up_boring/rules:100",
                              "300 rules": "made_up_boring/rules:300"}),
    Micro("match_bench", "compile_built_in_packs", "compiling the built-in rules, CPU", "ms",
          cpu_milliseconds),
    Micro("storm_bench", "storm/everything/iterations:2/real_time",
          "a storm in the process: lines, secrets, match, incidents, journal, seal, index", "MB/s",
          megabytes_a_second, at_least=115),
    Micro("storm_bench", "storm/everything/iterations:2/real_time",
          "a storm in the process, CPU of all threads a million lines", "s",
          cpu_seconds_a_million_lines),
    Micro("metrics_bench", "scrape/basic/10000", "a scrape of 10,000 consoles, basic detail, CPU",
          "ms", cpu_milliseconds, at_most=150),
]

# The scripts of each tier, with what they are told besides the collector's path.
QUICK = [("start_bench.py", []), ("latency_bench.py", []), ("scale_bench.py", []),
         ("peers_bench.py", ["--only", "200 consoles"])]
FULL = [("start_bench.py", ["--full"]), ("latency_bench.py", ["--full"]),
        ("scale_bench.py", ["--full"]), ("peers_bench.py", ["--full"]),
        ("match_peers_bench.py", []), ("write_bench.py", []), ("search_bench.py", []),
        ("instructions_bench.py", [])]

PACKAGES = ["g++", "libre2-9", "libsqlite3-0", "libzstd1", "conserver-server", "conman", "mtail",
            "sec", "ripgrep", "prometheus-alertmanager", "valgrind"]


class Suite:
    def __init__(self, build, tier, only):
        self.programs, self.tier, self.only = build / "tests/bench", tier, only
        self.lastgasp = build / "collector/cli/lastgasp"
        self.rows, self.failed, self.began = [], [], time.monotonic()

    def run(self):
        for program in dict.fromkeys(micro.program for micro in MICRO):
            if self.only in program:
                self.told(program, lambda program=program: self.run_micro(program))
        for script, options in QUICK if self.tier == "quick" else FULL:
            if self.only in script:
                self.told(script, lambda script=script, options=options:
                          self.run_script(script, options))

    def told(self, name, run):
        begun = time.monotonic()
        print(f"bench: {name}", file=sys.stderr, flush=True)
        try:
            rows = run()
        except (subprocess.SubprocessError, OSError, ValueError) as error:
            print(f"bench: {name} failed: {error}", file=sys.stderr)
            self.failed.append(name)
            return
        print("\n".join(figures.table(rows)))
        print(f"bench: {name} took {time.monotonic() - begun:.0f} s", file=sys.stderr, flush=True)
        self.rows += rows

    def run_micro(self, program):
        """With a tenth of a second for each in the quick tier, which is enough for a first look."""
        wanted = [micro for micro in MICRO if micro.program == program]
        names = {name for micro in wanted for name in (micro.name, *micro.beside.values())}
        with tempfile.NamedTemporaryFile(suffix=".json") as out:
            subprocess.run([self.programs / program, f"--benchmark_out={out.name}",
                            "--benchmark_filter=^(" + "|".join(map(re.escape, names)) + ")$",
                            *(["--benchmark_min_time=0.1"] if self.tier == "quick" else [])],
                           check=True, timeout=LIMIT_SECONDS, stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL)
            reports = {report["name"]: report for report in json.load(out)["benchmarks"]}
        found = figures.Figures()
        for micro in wanted:
            found.add(micro.what, micro.value(reports[micro.name]), micro.unit, micro.at_most,
                      micro.at_least, {other: micro.value(reports[name])
                                       for other, name in micro.beside.items()})
        return found.rows

    def run_script(self, script, options):
        with tempfile.NamedTemporaryFile(suffix=".json") as out:
            done = subprocess.run([sys.executable, "-B", HERE / script, self.lastgasp, *options,
                                   "--json", out.name], timeout=LIMIT_SECONDS,
                                  stdout=subprocess.DEVNULL, check=False)
            if done.returncode:
                self.failed.append(script)
            text = pathlib.Path(out.name).read_text()
        return json.loads(text) if text else []

    def report(self):
        return {"tier": self.tier, "date": datetime.datetime.now(datetime.timezone.utc)
                .isoformat(timespec="seconds"), "seconds": round(time.monotonic() - self.began),
                "machine": machine(), "versions": versions(self.lastgasp), "failed": self.failed,
                "figures": self.rows}


def machine():
    processor = re.search(r"^model name\s*: (.*)$", pathlib.Path("/proc/cpuinfo").read_text(), re.M)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {"processor": processor[1] if processor else platform.machine(),
            "cores": os.cpu_count(), "memory_gb": round(memory / 1e9),
            "kernel": platform.release(), "load": round(os.getloadavg()[0], 1)}


def versions(lastgasp):
    found = {"lastgasp": subprocess.run([lastgasp, "version"], stdout=subprocess.PIPE, text=True,
                                        check=True, timeout=60).stdout.strip()}
    for package in PACKAGES:
        asked = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", package], text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False,
                               timeout=60)
        found[package] = asked.stdout if asked.returncode == 0 and asked.stdout else "not installed"
    return found


def markdown(report):
    m = report["machine"]
    yield (f"{report['tier']}, {report['date']}, {report['seconds']} s. {m['cores']} cores of"
           f" {m['processor']}, {m['memory_gb']} GB, Linux {m['kernel']}, load {m['load']}.")
    yield ""
    yield "; ".join(f"{name} {version}" for name, version in report["versions"].items()) + "."
    yield ""
    yield from figures.table(report["figures"])
    missed = [row["what"] for row in report["figures"] if figures.verdict(row) is False]
    yield ""
    yield f"Missed: {'; '.join(missed) or 'nothing'}."
    if report["failed"]:
        yield f"**Failed: {', '.join(report['failed'])}.**"


def main():
    options = argparse.ArgumentParser(description=__doc__,
                                      formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("build", type=pathlib.Path, help="the folder of the release build")
    options.add_argument("tier", nargs="?", choices=("quick", "full"), default="quick")
    options.add_argument("--only", default="", help="the benchmarks that have this in their name")
    options.add_argument("--out", type=pathlib.Path, default=pathlib.Path("build/bench"))
    given = options.parse_args()
    suite = Suite(given.build.resolve(), given.tier, given.only)
    suite.run()
    report = suite.report()
    given.out.mkdir(parents=True, exist_ok=True)
    (given.out / "bench.json").write_text(json.dumps(report, indent=2))
    (given.out / "bench.md").write_text("\n".join(markdown(report)) + "\n")
    print(f"bench: {given.out}/bench.md and bench.json", file=sys.stderr)
    return 1 if suite.failed else 0


if __name__ == "__main__":
    sys.exit(main())
