"""Somebody's webhook: an HTTP server that keeps what it is sent."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from .net import LOOPBACK


class Webhook:
    """`status` is what it answers. Stands still on nobody's side: stop() frees the port."""

    def __init__(self, case, port=0, status=200):
        self.status, self.posts, self.headers = status, [], []
        self._changed = threading.Condition()
        hook = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                with hook._changed:
                    if hook.status == 200:
                        hook.posts.append(body)
                        hook.headers.append(dict(self.headers))
                    hook._changed.notify_all()
                self.send_response(hook.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer((LOOPBACK, port), Handler)
        self._server.daemon_threads = True
        self.url = f"http://{LOOPBACK}:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        case.addCleanup(self.stop)

    def told(self):
        """(status, console, kind) of each notification it took, in the order they came."""
        with self._changed:
            return [(post["status"], post["commonLabels"]["console"], post["commonLabels"]["kind"])
                    for post in self.posts]

    def stop(self):
        self._server.shutdown()
        self._server.server_close()
