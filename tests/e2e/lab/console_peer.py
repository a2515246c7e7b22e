"""A console that a scenario writes itself: a TCP or Unix listener in a thread of the test."""

import os
import socket
import threading

from .net import LOOPBACK


class ConsolePeer:
    """Accepts one reader after the other; say() goes to the one that is connected.

    `received` is everything any reader has sent: a read-only collector leaves it empty but for
    telnet's own negotiation.
    """

    def __init__(self, case, host=LOOPBACK, port=0, unix_path=None):
        if unix_path:
            self._listener = socket.socket(socket.AF_UNIX)
            self._listener.bind(str(unix_path))
            self.endpoint = f"unix:{unix_path}"
        else:
            self._listener = socket.socket()
            self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._listener.bind((host, port))
            self.port = self._listener.getsockname()[1]
            self.endpoint = f"tcp://{host}:{self.port}"
        self._listener.listen()
        self._changed = threading.Condition()
        self._reader = None
        self.connections = 0
        self.received = b""
        self.banner = b""       # said to every reader at once
        self.busy = False       # close straight after the banner, as an occupied line does
        threading.Thread(target=self._accept, daemon=True).start()
        case.addCleanup(self.close)

    def _accept(self):
        while True:
            try:
                reader, _ = self._listener.accept()
            except OSError:
                return
            reader.sendall(self.banner)
            with self._changed:
                self.connections += 1
                if self.busy:
                    reader.close()
                else:
                    self._reader = reader
                    threading.Thread(target=self._listen, args=(reader,), daemon=True).start()
                self._changed.notify_all()

    def _listen(self, reader):
        while True:
            try:
                data = reader.recv(65536)
            except OSError:
                data = b""
            with self._changed:
                self.received += data
                if not data:
                    if self._reader is reader:
                        self._reader = None
                    self._changed.notify_all()
                    return

    def wait_connected(self, within=20, connections=1):
        """Until a reader is here that is at least the so many-th."""
        with self._changed:
            if not self._changed.wait_for(
                    lambda: self._reader is not None and self.connections >= connections, within):
                raise AssertionError(f"no reader at {self.endpoint} within {within} s")
        return self

    def say(self, data):
        with self._changed:
            reader = self._reader
        if reader is None:
            raise AssertionError(f"no reader at {self.endpoint}")
        reader.sendall(data.encode() if isinstance(data, str) else data)

    def hang_up(self):
        with self._changed:
            reader, self._reader = self._reader, None
        if reader is not None:
            reader.shutdown(socket.SHUT_RDWR)
            reader.close()

    def stop_listening(self):
        """From now on a connection is refused."""
        try:
            self._listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._listener.close()

    def close(self):
        self.stop_listening()
        self.hang_up()
