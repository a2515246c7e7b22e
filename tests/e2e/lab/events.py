"""A reader of server-sent events."""

import http.client
import json
import threading
from urllib.parse import urlsplit


class Events:
    """Reads on in a thread; `heard` is [(event, id, parsed data)] so far."""

    def __init__(self, case, url, last_id=None):
        parts = urlsplit(url)
        self._connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)
        self._connection.request("GET", f"{parts.path}?{parts.query}",
                                 headers={"Last-Event-ID": last_id} if last_id else {})
        self._answer = self._connection.getresponse()
        self.status = self._answer.status
        self.retry_after = self._answer.headers["Retry-After"]
        self._socket = self._connection.sock
        self._changed = threading.Condition()
        self.heard, self.ended, self.bytes = [], False, 0
        case.addCleanup(self.close)
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        event = {}
        try:
            for line in self._answer:
                self.bytes += len(line)
                name, _, value = line.decode().rstrip("\n").partition(": ")
                if name:
                    event[name] = value
                elif "data" in event:
                    with self._changed:
                        self.heard.append((event.get("event"), event.get("id"),
                                           json.loads(event["data"])))
                        self._changed.notify_all()
                    event = {}
        except (OSError, ValueError, AttributeError, http.client.HTTPException):
            pass
        with self._changed:
            self.ended = True
            self._changed.notify_all()

    def named(self, name):
        """The data of all events of this name."""
        with self._changed:
            return [data for event, _, data in self.heard if event == name]

    def wait(self, name, accept=lambda data: True, within=20):
        """The first such event, once it is there."""
        def found():
            return next((data for event, _, data in self.heard if event == name and accept(data)),
                        None)
        with self._changed:
            if not self._changed.wait_for(lambda: found() is not None or self.ended, within) or \
                    found() is None:
                raise AssertionError(f"no such {name} within {within} s; heard {self.heard[-5:]}")
            return found()

    def wait_ended(self, within=20):
        with self._changed:
            if not self._changed.wait_for(lambda: self.ended, within):
                raise AssertionError(f"the stream did not end within {within} s")

    def close(self):
        try:
            self._socket.shutdown(2)
        except OSError:
            pass
        self._connection.close()
