"""Consoles that are no TCP port: a log that conserver writes, a command, ssh, a Unix socket, a pty
behind ser2net."""

import os
import pty
import subprocess
import threading
import tty
import unittest

from lab.case import Scenario, require
from lab.collector import Collector
from lab.guest import Guest
from lab.net import LOOPBACK, free_port
from lab.process import Process

PANIC = "Kernel panic - not syncing: sysrq triggered crash"


class OtherSources(Scenario):
    def collect(self, endpoint):
        return Collector(self, {"consoles": [{"name": "r1", "endpoint": str(endpoint)}]})

    def assert_heard(self, collector, text, within=30):
        self.eventually(lambda: collector.hits(text), within, f"{text!r} in the transcript")

    def test_log_that_another_program_writes_and_rotates(self):
        log = self.folder / "pe1.log"
        log.write_bytes(b"[Sun Nov 22 10:00:00 2026] conserver: console up\r\n")
        collector = self.collect(f"file:{log}")
        collector.wait_up("r1")
        with open(log, "ab") as writer:
            writer.write(b"pe1 login: \r\nappended one\r\n")
        self.assert_heard(collector, "appended one")
        log.rename(self.folder / "pe1.log.1")
        log.write_bytes(b"after the rotation\r\n")
        self.assert_heard(collector, "after the rotation")
        with open(log, "ab") as writer:
            writer.write(f"[   99.000001] {PANIC}\r\n".encode())
        collector.wait_incident("panic")

    def test_command_is_run_again_when_it_ends(self):
        count = self.folder / "runs"
        collector = self.collect(
            f"exec:echo run >>{count}; echo this is run $(wc -l <{count}); sleep 0.2")
        self.assert_heard(collector, "this is run 1")
        self.assert_heard(collector, "this is run 2", within=45)

    def test_ssh_console_server(self):
        sshd, keygen = require("sshd", "openssh-server"), require("ssh-keygen", "openssh-client")
        if os.geteuid() != 0:
            self.skipTest("sshd needs root")
        os.makedirs("/run/sshd", mode=0o755, exist_ok=True)
        host_key, user_key = self.folder / "host_key", self.folder / "user_key"
        for key in (host_key, user_key):
            subprocess.run([keygen, "-q", "-t", "ed25519", "-N", "", "-f", key], check=True,
                           timeout=20)
        speaker = self.folder / "speaker"
        speaker.write_text("#!/bin/sh\necho console of r1 by ssh\nsleep 200\n")
        speaker.chmod(0o755)
        self.folder.chmod(0o755)
        port = free_port()
        config = self.folder / "sshd_config"
        config.write_text(
            f"Port {port}\nListenAddress {LOOPBACK}\nHostKey {host_key}\nPidFile none\n"
            f"AuthorizedKeysFile {user_key}.pub\nStrictModes no\nPermitRootLogin yes\n"
            f"UsePAM no\nForceCommand {speaker}\n")
        Process(self, "sshd", [sshd, "-D", "-e", "-f", config])
        collector = self.collect(
            f"exec:ssh -i {user_key} -p {port} -o StrictHostKeyChecking=no -o BatchMode=yes "
            f"-o UserKnownHostsFile=/dev/null {os.environ.get('USER', 'root')}@{LOOPBACK}")
        self.assert_heard(collector, "console of r1 by ssh", within=45)

    def test_unix_socket_of_a_virtual_machine(self):
        guest = Guest(self, "lg.crash_at=0", transport="unix")
        collector = self.collect(guest.endpoint)
        collector.wait_incident("panic", within=60)
        self.assert_heard(collector, PANIC)

    def test_telnet_port_of_ser2net(self):
        ser2net = require("ser2net", "ser2net")
        router, line = pty.openpty()
        self.addCleanup(os.close, router)
        self.addCleanup(os.close, line)
        tty.setraw(line)
        port = free_port()
        config = self.folder / "ser2net.yaml"
        config.write_text(
            "connection: &r1\n"
            f"  accepter: telnet(rfc2217),tcp,{LOOPBACK},{port}\n"
            f"  connector: serialdev,{os.ttyname(line)},115200n81,local\n")
        Process(self, "ser2net", [ser2net, "-d", "-u", "-c", config])
        typed = []
        threading.Thread(target=self.drain, args=(router, typed), daemon=True).start()
        collector = self.collect(f"telnet://{LOOPBACK}:{port}")
        collector.wait_up("r1")
        self.eventually(lambda: self.heard(collector, router), 30, "a line through ser2net")
        os.write(router, b"IAC is \xff in the data\r\n")
        self.eventually(lambda: collector.hits(r"IAC is \xFF in the data", "--regex"), 10,
                        "the byte 255 once")
        self.assertEqual(typed, [], "the collector wrote to the console")

    @staticmethod
    def heard(collector, router):
        """ser2net throws away what comes before it has opened the line, so it is said again."""
        os.write(router, b"through ser2net\r\n")
        return collector.hits("through ser2net")

    @staticmethod
    def drain(router, typed):
        while True:
            try:
                typed.append(os.read(router, 4096))
            except OSError:
                return


if __name__ == "__main__":
    unittest.main()
