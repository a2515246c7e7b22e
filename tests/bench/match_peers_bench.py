#!/usr/bin/env python3
"""Finding crashes in one log file: lastgasp beside mtail and SEC with the same rules, and ripgrep.

    match_peers_bench.py PATH/lastgasp [--json FILE]

The rules are the expressions of the built-in ones, asked of PATH and written down for each peer:

- mtail: `/EXPRESSION/ { hits["ID"]++ }`, one after the other. Its expressions are RE2's.
- SEC: a rule of type Single with `continue=TakeNext` that writes the id. Its expressions are Perl's,
  which understand all of ours.
- ripgrep: all expressions in one pattern file, lines counted: the least that can be done.

Names of groups are left out for all: none of them needs what they caught. What the peers cannot
say is left out too, to their advantage: which platform a rule is for, `unless`, dumps, boots,
incidents, titles and fingerprints. `lastgasp scan` does all of that. One alternation of all
expressions in front of the others was tried for mtail and SEC: it costs both more than it saves.
Each reads two files, one three times the other, and what counts is the CPU of the difference, so
that nobody's start counts; where the start is most of it, of the cheapest of some runs. That mtail
and SEC find the same is checked; exit status 1 when they do not. A peer that is not installed is left
out. Fluent Bit is not in Debian 12.
"""
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from figures import Figures
from measuring import cpu_of, end_by_signal
from options import bench_options
from simulated import programs_of

LIMIT_SECONDS = 900
BYTES_A_LINE = 85


class Lastgasp:
    name, program, least_lines, runs = "lastgasp", None, 300_000, 5

    def __init__(self, program):
        self.program = program

    def prepare(self, rules, folder):
        pass

    def command(self, file, _folder):
        return [self.program, "scan", "--output", "jsonl", file]

    def hits(self, printed):
        return None


class Mtail:
    name, program, least_lines, runs = "mtail", "mtail", 10_000, 1

    def prepare(self, rules, folder):
        (folder / "mtail").mkdir()
        (folder / "mtail/rules.mtail").write_text("counter hits by id\n" + "".join(
            "/%s/ {\n  hits[\"%s\"]++\n}\n" % (expression.replace("/", r"\/"), name)
            for name, expression in rules.items()))

    def command(self, file, folder):
        return [self.program, "-one_shot", "-one_shot_format", "prometheus", "-logtostderr",
                "-progs", folder / "mtail", "-logs", file]

    def hits(self, printed):
        return sum(map(int, re.findall(rb"^hits\{.*\} (\d+)$", printed, re.M)))


class Sec:
    name, program, least_lines, runs = "SEC", "sec", 10_000, 1

    def prepare(self, rules, folder):
        (folder / "sec.conf").write_text("".join(
            f"type=Single\nptype=RegExp\npattern={expression}\ncontinue=TakeNext\ndesc={name}\n"
            f"action=write - {name}\n\n" for name, expression in rules.items()))

    def command(self, file, folder):
        return [self.program, f"--conf={folder}/sec.conf", f"--input={file}", "--notail",
                "--debug=1", "--nointevents"]

    def hits(self, printed):
        return printed.count(b"\n")


class Ripgrep:
    name, program, least_lines, runs = "ripgrep", "rg", 300_000, 5

    def prepare(self, rules, folder):
        (folder / "patterns").write_text("\n".join(rules.values()) + "\n")

    def command(self, file, folder):
        return [self.program, "--no-config", "-a", "-c", "-j1", "-f", folder / "patterns", file]

    def hits(self, printed):
        return None


def expressions(lastgasp):
    printed = subprocess.run([lastgasp, "rules", "list", "--output", "json"], check=True,
                             stdout=subprocess.PIPE, timeout=60).stdout
    return {rule["id"]: re.sub(r"\(\?P<\w+>", "(?:", rule["match"])
            for rule in json.loads(printed)}


def text_of(programs, folder, lines):
    """What consoles print, one file of about so many lines."""
    plain = folder / f"plain{lines}"
    subprocess.run([programs / "fill_transcripts", "--bytes", str(lines * BYTES_A_LINE), "--days",
                    "1", "--plain", plain], check=True, timeout=LIMIT_SECONDS,
                   stdout=subprocess.DEVNULL)
    file = folder / f"text{lines}.log"
    with file.open("wb") as out:
        for path in sorted(plain.iterdir()):
            out.write(path.read_bytes())
    return file, file.read_bytes().count(b"\n")


def least_cpu(contender, file, folder):
    """CPU seconds of the cheapest run, and what it printed."""
    return min(cpu_of(contender.command(file, folder), LIMIT_SECONDS, cwd=folder,
                      stderr=subprocess.DEVNULL) for _ in range(contender.runs))


def microseconds_a_line(contender, files, folder):
    """CPU of the lines that the second file has more, and what was hit in it."""
    (few, less), (many, more) = ((lines, least_cpu(contender, file, folder))
                                 for file, lines in files)
    return (more[0] - less[0]) / (many - few) * 1e6, contender.hits(more[1])


def main():
    given = bench_options(__doc__).parse_args()
    rules, cost, hits = expressions(given.lastgasp), {}, {}
    with tempfile.TemporaryDirectory(prefix="lastgasp-match-") as folder:
        folder = pathlib.Path(folder)
        files = {}
        for contender in (Lastgasp(given.lastgasp), Mtail(), Sec(), Ripgrep()):
            if not shutil.which(contender.program):
                print(f"{contender.name} is not installed and left out", file=sys.stderr)
                continue
            least = contender.least_lines
            for lines in (least, 3 * least):
                if lines not in files:
                    files[lines] = text_of(programs_of(given.lastgasp), folder, lines)
            contender.prepare(rules, folder)
            print(f"{contender.name}: {least} and {3 * least} lines", file=sys.stderr)
            cost[contender.name], hits[contender.name] = microseconds_a_line(
                contender, [files[least], files[3 * least]], folder)
    figures = Figures()
    figures.add(f"crashes found in a file by {len(rules)} rules, CPU a line", cost.pop("lastgasp"),
                "µs", beside=cost)
    figures.print()
    figures.write(given.json)
    counted = {name: count for name, count in hits.items() if count is not None}
    print(f"hits: {counted}", file=sys.stderr)
    return 0 if len(set(counted.values())) <= 1 else 1


if __name__ == "__main__":
    end_by_signal()
    sys.exit(main())
