"""What README.md tells people to type exists."""

import re
import shlex
import subprocess
import unittest

from lab.case import REPOSITORY, Scenario, lastgasp_binary

_BLOCK = re.compile(r"^```(?:console|sh|bash)\n(.*?)^```", re.M | re.S)
_OPTION = re.compile(r"^--[a-z][a-z-]*")


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

    def test_subcommands_and_options_exist(self):
        for words in self.all:
            if words[0].rsplit("/", 1)[-1] == "lastgasp" and len(words) > 1:
                with self.subTest(shlex.join(words)):
                    self.known(words[1:])

    def known(self, words):
        """Every subcommand and long option in front of the arguments is in that command's help."""
        path = []
        text = self.output([lastgasp_binary(), "--help"])
        for word in words:
            if re.fullmatch(r"[a-z]+", word) and re.search(rf"^\s+{word}\b", text, re.M):
                path.append(word)
                text = self.output([lastgasp_binary(), *path, "--help"])
            elif not path:
                self.assertTrue(word.startswith("-"), f"unknown subcommand {word}")
            option = _OPTION.match(word)
            if option:
                self.assertIn(option[0], text)

    @staticmethod
    def output(argv):
        return subprocess.run(argv, capture_output=True, text=True, timeout=30, check=True).stdout


if __name__ == "__main__":
    unittest.main()
