"""What the READMEs tell people to type works, and the configurations they show are right."""

import re
import shlex
import subprocess
import unittest

from lab.case import REPOSITORY, Scenario, lastgasp_binary
from lab.collector import FOUND, Collector, lastgasp
from lab.console_peer import ConsolePeer

READS_TRANSCRIPTS = {"consoles", "incidents", "search", "show", "tail", "boots", "diff", "similar",
                     "rules backtest",
                     "db info", "db check", "db export"}
ASKS_THE_COLLECTOR = {"incidents ack", "incidents note"}
CAPTURES = REPOSITORY / "tests/data/captures"
HASH = "$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"
_LINE_NAME = re.compile(r"^\w+@\d{16}(\.\d+)?$")  # in the README: one line or another
_BLOCK = re.compile(r"^```(?:console|sh|bash)\n(.*?)^```", re.M | re.S)


def commands():
    """The command lines of the fenced blocks, without prompts and comments."""
    text = (REPOSITORY / "README.md").read_text() if (REPOSITORY / "README.md").exists() else ""
    for block in _BLOCK.findall(text):
        console = any(line.startswith("$ ") for line in block.splitlines())
        for line in block.replace("\\\n", " ").splitlines():
            if console and not line.startswith("$ "):
                continue  # output
            words = shlex.split(line.removeprefix("$ "), comments=True)
            if words:
                yield words


class ReadmeCommands(Scenario):
    def setUp(self):
        super().setUp()
        self.all = list(commands())
        if not self.all:
            self.skipTest("README.md has no command lines")

    def test_verbs_of_dev_exist(self):
        help_text = self.output([REPOSITORY / "dev", "help"])
        for words in self.all:
            if words[0] == "./dev":
                self.assertIn(f"./dev {words[1]}", help_text, shlex.join(words))

    def test_the_commands_find_what_they_promise(self):
        """Each command of the README that ends by itself, on the transcripts of routers that died,
        one of them twice."""
        routers = {name: ConsolePeer(self) for name in ("core1", "edge1")}
        collector = Collector(self, {"consoles": [
            {"name": name, "endpoint": router.endpoint, "labels": {"site": "fra"}} for name, router in routers.items()]})
        died = (CAPTURES / "linux-mod-oops-panic.log").read_bytes()
        for name, times in (("core1", 1), ("edge1", 1), ("core1", 2)):
            routers[name].wait_connected().say(died)
            self.eventually(
                lambda: len(collector.hits("Rebooting in", "--console", name)) == times, 20,
                "the last line")
            died = died.replace(b"\n", b"\nGi0/3 changed state to up\r\n", 1)
        collector.wait_incident("panic")
        (self.folder / "router.log").write_bytes(
            b"fwdd: fatal assertion in widget 7\r\n" +  # which no rule knows
            (CAPTURES / "linux-mod-oops-panic.log").read_bytes())
        [line] = collector.search("Rebooting in", "-n", "1")
        for words in self.all:
            if words[0] != "lastgasp" or words[1] == "run":
                continue
            words = [line["id"] if _LINE_NAME.match(word) else word for word in words]
            with self.subTest(shlex.join(words)):
                reads = {words[1], " ".join(words[1:3])} & READS_TRANSCRIPTS
                data = ["--data", collector.data] if reads else []
                if " ".join(words[1:3]) in ASKS_THE_COLLECTOR:
                    data = ["--config", collector.config_path]
                done = lastgasp(*words[1:], *data, cwd=self.folder)
                self.assertEqual(done.returncode, FOUND, done.stderr.decode())
                self.assertTrue(done.stdout)

    def test_the_configurations_are_right(self):
        for readme in ("README.md", "collector/app/README.md"):
            blocks = re.findall(r"^```yaml\n(.*?)^```", (REPOSITORY / readme).read_text(), re.M | re.S)
            self.assertTrue(blocks, readme)
            for block in blocks:
                with self.subTest(readme):
                    file = self.folder / "shown.yaml"
                    for name in ("rules.d", "redaction.d"):
                        block = block.replace(f"folder: /etc/lastgasp/{name}",
                                              f"folder: {self.folder}/{name}")
                        (self.folder / name).mkdir(exist_ok=True)
                    access = self.folder / "web.yaml"
                    access.write_text(f"basic_auth_users: {{ann: '{HASH}'}}\n")
                    block = block.replace("/etc/lastgasp/web.yaml", str(access))
                    page = self.folder / "page"
                    page.write_text("#!/bin/sh\n")
                    page.chmod(0o755)
                    block = block.replace("/usr/local/bin/page", str(page))
                    file.write_text(block)
                    done = lastgasp("check", file)
                    self.assertEqual(done.returncode, FOUND, done.stdout.decode())

    @staticmethod
    def output(argv):
        return subprocess.run(argv, capture_output=True, text=True, timeout=30, check=True).stdout


if __name__ == "__main__":
    unittest.main()
