"""Who may reach the web server: TLS, users, roles, rates, and clients that take their time."""

import fcntl
import json
import os
import pty
import re
import select
import signal
import socket
import subprocess
import termios
import unittest

from lab.case import REPOSITORY, Scenario, lastgasp_binary, require
from lab.collector import FOUND, NOTHING, lastgasp
from lab.console_peer import ConsolePeer
from lab.monitoring import Prometheus
from lab.net import LOOPBACK, free_port, http, http_json
from lab.process import Process

_ROUTE = re.compile(r'^\s*\{"(\w+)", "(/[^"]*)"', re.M)
ADMIN, VIEWER = ("ann", "a secret of ann"), ("prometheus", "scrape: me")
USAGE = 2


def routes():
    """(method, address) of every row of the server's table: a new one cannot be forgotten."""
    table = (REPOSITORY / "exporters/web/routes.cpp").read_text()
    found = [(method, pattern.replace("{}", "1")) for method, pattern in _ROUTE.findall(table)]
    assert len(found) == table.count('{"GET", "') + table.count('{"POST", "') > 15, found
    return found


class Access(Scenario):
    def setUp(self):
        super().setUp()
        for program in ("curl", "openssl"):
            require(program, program)
        self.make_certificate("first")
        self.write_users(ADMIN, VIEWER)
        self.listen = f"{LOOPBACK}:{free_port()}"
        config = self.folder / "lastgasp.yaml"
        config.write_text(json.dumps({
            "storage": {"path": str(self.folder / "data")},
            "consoles": [{"name": "r1", "endpoint": ConsolePeer(self).endpoint}],
            "web": {"listen": self.listen, "config_file": str(self.folder / "web.yaml"),
                    "admins": [ADMIN[0]]}}))
        self.collector = Process(self, "lastgasp",
                                 [lastgasp_binary(), "run", "--config", config], limit=200)
        self.eventually(lambda: self.curl("/-/healthy", VIEWER)[0] == 200, 20, "health")

    def make_certificate(self, name, folder=None):
        folder = folder or self.folder
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                        "-subj", f"/CN={name}", "-addext", f"subjectAltName=IP:{LOOPBACK}",
                        "-keyout", folder / "server.key", "-out", folder / "server.crt"],
                       check=True, capture_output=True, timeout=30)

    @staticmethod
    def line_of(name, password):
        done = subprocess.run([lastgasp_binary(), "web-password", name], input=password.encode(),
                              capture_output=True, timeout=30, check=True)
        return done.stdout.decode()

    def write_users(self, *users):
        lines = "".join("  " + self.line_of(*user) for user in users)
        (self.folder / "web.yaml").write_text(
            "tls_server_config: {cert_file: server.crt, key_file: server.key}\n"
            f"basic_auth_users:\n{lines}")

    def curl(self, path, user=None, method="GET", *options):
        """(status, body); status 0 when there was no answer."""
        login = ["-u", ":".join(user)] if user else []
        done = subprocess.run(
            ["curl", "-s", "--cacert", self.folder / "server.crt", "-X", method, "-m", "20",
             "-w", "\n%{http_code}", *login, *options, f"https://{self.listen}{path}"],
            capture_output=True, timeout=40)
        body, _, status = done.stdout.decode("utf-8", "replace").rpartition("\n")
        return int(status or 0), body

    def test_no_address_is_open(self):
        for method, path in routes() + [("GET", "/nowhere"), ("DELETE", "/")]:
            with self.subTest(f"{method} {path}"):
                self.assertEqual(self.curl(path, None, method)[0], 401)
                status, body = self.curl(path, (ADMIN[0], ""), method)
                self.assertIn(status, (401, 429), body)  # so many wrong ones are too many
                if "stream" not in path and "events" not in path:  # these never end
                    self.assertNotIn(self.curl(path, VIEWER, method)[0], (0, 401))

    def test_plain_http_is_not_spoken(self):
        done = subprocess.run(["curl", "-s", "-m", "10", f"http://{self.listen}/metrics"],
                              capture_output=True, timeout=20)
        self.assertNotEqual(done.returncode, 0)
        self.assertEqual(done.stdout, b"")

    def test_who_may_look_changes_nothing(self):
        for method, path in routes():
            if method != "GET":
                self.assertEqual(self.curl(path, VIEWER, method)[0], 403, path)
        self.assertEqual(self.curl("/-/reload", ADMIN, "POST")[0], 200)
        foreign = self.curl("/-/reload", ADMIN, "POST", "-H", "Sec-Fetch-Site: cross-site")
        self.assertEqual(foreign[0], 403)
        self.assertIn("lastgasp_build_info", self.curl("/metrics", VIEWER)[1])

    def test_many_wrong_passwords_are_too_many_and_known_ones_still_enter(self):
        self.assertEqual(self.curl("/metrics", VIEWER)[0], 200)
        statuses = [self.curl("/metrics", ("nobody", "guess"))[0] for _ in range(14)]
        self.assertEqual(statuses[:9], [401] * 9)
        self.assertIn(429, statuses)
        self.assertEqual(self.curl("/metrics", VIEWER)[0], 200)

    def test_a_renewed_certificate_is_shown_without_a_reload(self):
        old = (self.folder / "server.crt").read_bytes()
        self.make_certificate("second")
        self.eventually(lambda: self.curl("/metrics", VIEWER)[0] == 200, 10, "the new certificate")
        new = (self.folder / "server.crt").read_bytes()
        (self.folder / "server.crt").write_bytes(old)  # whose key is gone
        self.eventually(lambda: "is not that of the first" in self.collector.log(), 10, "the reason")
        (self.folder / "shown.crt").write_bytes(new)
        self.assertEqual(self.curl("/metrics", VIEWER, "GET", "--cacert",
                                   self.folder / "shown.crt")[0], 200)

    def test_users_change_at_a_reload(self):
        self.write_users(ADMIN)
        self.collector.signal(signal.SIGHUP)
        self.eventually(lambda: self.curl("/metrics", VIEWER)[0] == 401, 10, "the new users")
        self.assertEqual(self.curl("/metrics", ADMIN)[0], 200)

        (self.folder / "web.yaml").write_text("basic_auth_users: {ann: secret}\n")
        status, text = self.curl("/-/reload", ADMIN, "POST")
        self.assertEqual(status, 500)
        self.assertIn("web.yaml:1:25: the hash of user `ann` must be a bcrypt hash", text)
        self.assertNotIn("secret", text)
        self.assertEqual(self.curl("/metrics", ADMIN)[0], 200)

    def test_a_client_that_drips_is_dropped(self):
        with socket.create_connection(self.listen.split(":"), timeout=5) as client:
            client.settimeout(0.9)
            client.sendall(b"\x16\x03\x01\x20\x00")  # a handshake of 8 KiB begins
            self.eventually(lambda: self.ended_after_a_byte(client), 40, "the end of the connection")

    @staticmethod
    def ended_after_a_byte(client):
        try:
            client.sendall(b"\x00")
            return client.recv(1) == b""
        except socket.timeout:
            return False
        except OSError:
            return True

    def acknowledge(self, user, password, *options):
        """(exit status, errors) of the command line; there is no such incident."""
        (self.folder / "password").write_text(password + "\n")
        done = lastgasp("incidents", "ack", "1", "--by", user, "--password-file",
                        self.folder / "password", *options, check=False)
        return done.returncode, done.stderr.decode()

    def test_the_command_line_enters_as_others_do(self):
        config = ["--config", self.folder / "lastgasp.yaml"]
        self.assertEqual(self.acknowledge(*ADMIN, *config)[0], NOTHING)
        for user, password, code in (VIEWER + (403,), ("ann", "guess", 401)):
            status, told = self.acknowledge(user, password, *config)
            self.assertEqual(status, USAGE)
            self.assertIn(f"answers {code}: ", told)
        done = lastgasp("incidents", "ack", "1", "--by", "ann", *config, check=False)
        self.assertEqual(done.returncode, USAGE)
        self.assertIn("--password-file", done.stderr.decode())

    def test_the_command_line_trusts_no_other_server(self):
        status, told = self.acknowledge(*ADMIN, "--url", f"https://{self.listen}")
        self.assertEqual(status, USAGE)
        self.assertIn("certificate", told)
        other = self.folder / "other"  # a configuration with another certificate
        other.mkdir()
        self.make_certificate("another", other)
        (other / "web.yaml").write_text("tls_server_config: {cert_file: server.crt, key_file: server.key}")
        (other / "lastgasp.yaml").write_text(json.dumps({
            "web": {"listen": self.listen, "config_file": str(other / "web.yaml")}}))
        status, told = self.acknowledge(*ADMIN, "--config", other / "lastgasp.yaml")
        self.assertEqual(status, USAGE)
        self.assertIn("public key", told)

    def test_prometheus_scrapes_it(self):
        prometheus = Prometheus(self, self.listen, {
            "scheme": "https", "tls_config": {"ca_file": str(self.folder / "server.crt")},
            "basic_auth": {"username": VIEWER[0], "password": VIEWER[1]}})

        def up():
            answer = http_json(prometheus.url + "/api/v1/query?query=up")
            return [one["value"][1] for one in answer["data"]["result"]] if answer else []
        self.eventually(lambda: up() == ["1"], 30, "a scrape")


class PasswordPrompt(Scenario):
    def test_the_terminal_shows_what_is_typed_again_whatever_ends_it(self):
        for ending in (b"secret\nsecret\n", b"secret\nother\n", b"\x03", b"sec\x03", signal.SIGTERM):
            with self.subTest(ending):
                terminal, inner = pty.openpty()
                asked = subprocess.Popen([lastgasp_binary(), "web-password", "ann"], stdin=inner,
                                         stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                         preexec_fn=lambda: (os.setsid(), fcntl.ioctl(0, termios.TIOCSCTTY, 0)))
                self.addCleanup(asked.kill)
                if ending is signal.SIGTERM:
                    self.wait_prompt(asked, inner)
                    asked.send_signal(ending)
                else:
                    for line in ending.splitlines(keepends=True):
                        self.wait_prompt(asked, inner)
                        os.write(terminal, line)
                printed, _ = asked.communicate(timeout=20)
                self.assertEqual(asked.returncode, {
                    b"secret\nsecret\n": FOUND, b"secret\nother\n": USAGE,
                    signal.SIGTERM: -signal.SIGTERM}.get(ending, -signal.SIGINT))
                self.assertEqual(b"'ann': '$2b$" in printed, asked.returncode == FOUND)
                self.assertTrue(self.echoes(inner))
                os.close(terminal)
                os.close(inner)

    def wait_prompt(self, asked, terminal):
        """What is typed before the prompt, and before the terminal is silent, is dropped."""
        said = b""
        while not said.endswith(b": "):
            self.assertTrue(select.select([asked.stderr], [], [], 20)[0], said)
            said += os.read(asked.stderr.fileno(), 100)
        self.eventually(lambda: not self.echoes(terminal), 10, "silence")

    @staticmethod
    def echoes(terminal):
        return bool(termios.tcgetattr(terminal)[3] & termios.ECHO)


class Unprotected(Scenario):
    def refused(self, *arguments):
        done = lastgasp("run", "tcp://127.0.0.1:1", "--data", self.folder / "data", *arguments,
                        check=False)
        self.assertEqual(done.returncode, USAGE)
        return done.stderr.decode()

    def test_nobody_listens_beyond_loopback_without_saying_so(self):
        for listen in (f"0.0.0.0:{free_port()}", f"[::]:{free_port()}"):
            told = self.refused("--listen", listen)
            self.assertIn(f"web.listen is {listen}", told)
            self.assertIn("allow_unprotected: true", told)
        config = self.folder / "lastgasp.yaml"
        config.write_text(f"web: {{listen: '0.0.0.0:{free_port()}'}}\n")
        self.assertIn("--allow-unprotected",
                      lastgasp("check", config, check=False).stdout.decode())

    def test_a_file_of_users_needs_no_configuration(self):
        (self.folder / "web.yaml").write_text("basic_auth_users:\n" + "".join(
            "  " + Access.line_of(*user) for user in (ADMIN, VIEWER)))
        self.assertIn("without TLS", self.refused(
            "--listen", f"0.0.0.0:{free_port()}", "--web-config", self.folder / "web.yaml"))
        self.assertIn("`eve` is no user", self.refused(
            "--web-config", self.folder / "web.yaml", "--web-admin", "eve"))
        config = self.folder / "lastgasp.yaml"
        config.write_text("{}\n")
        self.assertIn("under web", self.refused("--config", config, "--web-config", "web.yaml"))

        listen = f"{LOOPBACK}:{free_port()}"
        Process(self, "lastgasp", [
            lastgasp_binary(), "run", ConsolePeer(self).endpoint, "--data", self.folder / "data",
            "--listen", listen, "--web-config", self.folder / "web.yaml", "--web-admin", ADMIN[0]])
        self.eventually(lambda: http(f"http://{listen}/-/healthy")[0] == 401, 20, "an answer")
        for user, status in ((ADMIN, 200), (VIEWER, 403)):
            done = subprocess.run(["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "-m", "20",
                                   "-X", "POST", "-u", ":".join(user), f"http://{listen}/-/reload"],
                                  capture_output=True, timeout=40)
            self.assertEqual(int(done.stdout), status)

    def test_who_says_so_is_let(self):
        port = free_port()
        Process(self, "lastgasp", [
            lastgasp_binary(), "run", ConsolePeer(self).endpoint, "--data", self.folder / "data",
            "--listen", f"0.0.0.0:{port}", "--allow-unprotected"])
        self.eventually(lambda: http(f"http://{LOOPBACK}:{port}/-/healthy")[0] == 200, 20, "health")


if __name__ == "__main__":
    unittest.main()
