"""The house rules that a compiler does not check: which folder includes what, and what each holds."""

import re
import subprocess
import unittest
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]

# What a folder may include beside itself. Everything it reaches is named: nothing is implied.
CORE = {"collector/core"}
LINE = CORE | {"collector/line"}
RULES = LINE | {"rules/engine", "rules/incident"}
METRICS = RULES | {"collector/transcript", "exporters/metrics"}
DELIVERY = METRICS | {"exporters/delivery"}
ALL = DELIVERY | {"collector/console", "rules/packs", "rules/redaction", "exporters/alertmanager",
                 "exporters/webhook", "exporters/exec", "exporters/web",
                 "dashboards", "collector/app"}
MAY_INCLUDE = {
    "collector/core": set(),
    "collector/line": CORE,
    "collector/console": LINE,
    "collector/transcript": LINE,
    "rules/engine": LINE,
    "rules/incident": RULES,
    "rules/redaction": LINE | {"rules/engine"},
    "rules/packs": CORE | {"rules/engine"},
    "dashboards": set(),
    "exporters/metrics": METRICS,
    "exporters/delivery": METRICS,
    "exporters/alertmanager": DELIVERY,
    "exporters/webhook": DELIVERY,
    "exporters/exec": DELIVERY | {"exporters/webhook"},
    "exporters/web": DELIVERY | {"dashboards"},
    "collector/app": ALL,
    "collector/cli": ALL,
}

# Third-party headers and the folders that may see them.
THIRD_PARTY = {
    "re2/": {"rules/engine", "collector/transcript"},
    "sqlite3.h": {"collector/transcript"},
    "zstd.h": {"collector/transcript"},
    "libdeflate.h": {"collector/transcript"},
    "zlib.h": {"exporters/web"},
    "libserialport.h": {"collector/console"},
    "prometheus/": {"exporters/metrics"},
    "microhttpd.h": {"exporters/web"},
    "gnutls/": {"exporters/web"},
    "crypt.h": {"exporters/web"},
    "curl/": {"exporters/delivery", "collector/cli"},
    "yaml-cpp/": {"rules/engine", "collector/app"},
    "CLI/": {"collector/cli"},
    "spdlog/": {"collector/core"},
    "asio": {"collector/console", "collector/app"},
    "systemd/": {"collector/app", "collector/cli"},
}
SOURCE_ONLY = "nlohmann/"  # in any folder, never in a header
MOST_LINES = 450
# Written in two pieces, or this file would find itself.
MACHINE_PATHS = ("/" + "home/", "/" + "root/")

_INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)


def tracked():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=REPOSITORY, capture_output=True,
                            check=True, timeout=30).stdout.decode().split("\0")
    return [REPOSITORY / name for name in listed if name and (REPOSITORY / name).is_file()]


def folder_of(name):
    """The longest folder of the table that holds the file, or None."""
    return max((folder for folder in MAY_INCLUDE if name.startswith(folder + "/")), key=len,
               default=None)


class Architecture(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.files = tracked()
        cls.sources = [(path.relative_to(REPOSITORY).as_posix(), path.read_text(errors="replace"))
                       for path in cls.files if path.suffix in (".h", ".cpp")]
        assert cls.sources, "no sources: the test looks in the wrong place"

    def includes(self):
        """(file, its folder, included, quoted) of everything outside of the tests."""
        for name, text in self.sources:
            if not name.startswith("tests/"):
                for bracket, included in _INCLUDE.findall(text):
                    yield name, folder_of(name), included, bracket == '"'

    def test_every_source_is_in_a_known_folder(self):
        self.assertEqual([name for name, _ in self.sources
                          if not name.startswith("tests/") and folder_of(name) is None], [])

    def test_folders_include_only_what_they_may(self):
        wrong = []
        for name, folder, included, quoted in self.includes():
            target = folder_of(included)
            if quoted and target is None:
                wrong.append(f"{name}: \"{included}\" does not start at the top of the tree")
            if target and target != folder and target not in MAY_INCLUDE[folder]:
                wrong.append(f"{name}: {folder} must not include {target}")
        self.assertEqual(wrong, [])

    def test_the_folders_are_a_dag(self):
        left = {folder: set(targets) - {folder} for folder, targets in MAY_INCLUDE.items()}
        while left:
            bare = [folder for folder, targets in left.items() if not targets & left.keys()]
            self.assertTrue(bare, f"a circle among {sorted(left)}")
            for folder in bare:
                del left[folder]

    def test_third_party_headers_stay_in_their_folder(self):
        wrong = []
        for name, folder, included, quoted in self.includes():
            if included.startswith(SOURCE_ONLY) and name.endswith(".h"):
                wrong.append(f"{name}: {included} belongs into a .cpp")
            for header, folders in THIRD_PARTY.items():
                if not quoted and included.startswith(header) and folder not in folders:
                    wrong.append(f"{name}: {included} belongs into {sorted(folders)}")
        self.assertEqual(wrong, [])

    def test_every_folder_says_what_it_is(self):
        folders = set(MAY_INCLUDE) | {"collector", "rules", "exporters", "dashboards", "tests"}
        self.assertEqual([folder for folder in sorted(folders)
                          if not (REPOSITORY / folder / "README.md").is_file()], [])

    def test_no_source_outgrows_its_reason(self):
        self.assertEqual([f"{name}: {text.count(chr(10))} lines" for name, text in self.sources
                          if text.count("\n") > MOST_LINES], [])

    def test_no_path_of_somebodys_machine(self):
        wrong = []
        for path in self.files:
            name = path.relative_to(REPOSITORY).as_posix()
            if name.startswith("tests/data/"):
                continue  # recorded elsewhere, byte for byte
            text = path.read_bytes()
            wrong += [f"{name}: {word}" for word in MACHINE_PATHS if word.encode() in text]
        self.assertEqual(wrong, [])


if __name__ == "__main__":
    unittest.main()
