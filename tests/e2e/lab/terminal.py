"""The person at a machine's console: reads what it prints and types."""

import socket
import threading

from .case import eventually
from .net import LOOPBACK


class Terminal:
    """Connects to a TCP port or a Unix path; `seen` is everything printed so far."""

    def __init__(self, case, port=None, unix_path=None, on_data=lambda data: None):
        self.seen = b""
        self._on_data = on_data
        self._changed = threading.Condition()
        self._socket = eventually(lambda: self._connect(port, unix_path), 20, "the console's port")
        threading.Thread(target=self._read, daemon=True).start()
        case.show_on_failure("console", lambda: self.seen.decode("utf-8", "backslashreplace"))
        case.addCleanup(self._socket.close)

    @staticmethod
    def _connect(port, unix_path):
        machine = socket.socket(socket.AF_UNIX if unix_path else socket.AF_INET)
        try:
            machine.connect(str(unix_path) if unix_path else (LOOPBACK, port))
            return machine
        except OSError:
            machine.close()
            return None

    def _read(self):
        while True:
            try:
                data = self._socket.recv(65536)
            except OSError:
                return
            if not data:
                return
            self._on_data(data)
            with self._changed:
                self.seen += data
                self._changed.notify_all()

    def wait_seen(self, text, after=0, within=30):
        """Until `text` was printed past the offset; the offset behind it."""
        with self._changed:
            if not self._changed.wait_for(lambda: self.seen.find(text, after) >= 0, within):
                raise AssertionError(f"{text!r} did not appear on the console within {within} s")
            return self.seen.find(text, after) + len(text)

    def type(self, text):
        self._socket.sendall(text)
