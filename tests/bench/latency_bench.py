#!/usr/bin/env python3
"""From the last byte of a crash to its alert in a real Alertmanager.

    latency_bench.py PATH/lastgasp [--full] [--json FILE]

While all consoles print numbered lines, one after the other prints the line of a kernel panic. The
time is from just before that line is written to the socket until Alertmanager has answered the
request that carried its alert, as a relay between the two sees it. The same is measured while a
console floods the same collector: nobody's crash may wait behind it. Without --full it is 200
consoles, with it 1,000 at 5,000 lines/s. Exit status 1 when an alert never came. Needs the Debian
package prometheus-alertmanager.
"""
import http.server
import json
import pathlib
import sys
import tempfile
import threading
import time
import urllib.request

from alertmanager import Alertmanager
from figures import Figures
from measuring import child, end_by_signal, raise_open_files
from options import bench_options
from simulated import HOST, Lastgasp, percentile, programs_of, simulator

CONNECT_SECONDS = 60
ALERT_SECONDS = 20
AT_MOST_MS = 250

SETUP = {"consoles": 200, "lines": 5000, "crashes": 100}
FULL_SETUP = {"consoles": 1000, "lines": 5000, "crashes": 400}
EVERY_SECONDS = 0.05


class Relay:
    """Passes alerts on and notes when each console's crash was accepted first, in Unix seconds."""

    def __init__(self, url):
        relay, self.accepted = self, {}

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # the head and the body in one packet

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                request = urllib.request.Request(url + self.path, data=body, method="POST",
                                                 headers={"Content-Type": "application/json"})
                with urllib.request.urlopen(request, timeout=10) as answer:
                    status = answer.status
                relay.note(json.loads(body), time.time())
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer((HOST, 0), Handler)
        self.url = f"http://{HOST}:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def note(self, alerts, now):
        for alert in alerts:
            if alert["labels"]["alertname"] == "ConsoleCrash":
                self.accepted.setdefault(alert["labels"]["console"], now)


class Crashes:
    """The delays in ms of so many crashes, one after the other on consoles that do not flood."""

    def __init__(self, lastgasp, setup, flooding, folder):
        self.lastgasp, self.setup, self.flooding, self.folder = lastgasp, setup, flooding, folder

    def run(self):
        with Alertmanager(self.folder) as alertmanager:
            relay = Relay(alertmanager.url)
            seconds = self.setup["crashes"] * EVERY_SECONDS + 4
            limit = CONNECT_SECONDS + seconds + ALERT_SECONDS + 60
            with simulator(programs_of(self.lastgasp.program), self.setup["consoles"], limit,
                           "--lines-a-second", self.setup["lines"], "--seconds", seconds,
                           "--wait", CONNECT_SECONDS, "--flood", self.flooding, "--commands",
                           "--linger", ALERT_SECONDS) as simulated:
                return self.crash(simulated, relay, limit)

    def crash(self, simulated, relay, limit):
        command = self.lastgasp.command(self.folder, dict(zip(simulated.names, simulated.ports)),
                                        alertmanagers=[relay.url])
        with (self.folder / "said").open("wb") as said, \
                child(command, limit, stdout=said, stderr=said):
            simulated.wait_for("feeding")
            time.sleep(1)  # the pace of reading settles
            crashed = {}
            for number in range(self.setup["consoles"] - self.setup["crashes"],
                                self.setup["consoles"]):
                simulated.tell(f"crash {number}")
                time.sleep(EVERY_SECONDS)
            for event in simulated.events():
                if event["event"] == "crashed":
                    crashed[f"c{event['console']:04}"] = event["unix_seconds"]
                if event["event"] == "over":
                    break
            deadline = time.monotonic() + ALERT_SECONDS
            while crashed.keys() - relay.accepted.keys() and time.monotonic() < deadline:
                time.sleep(0.1)
        return [(relay.accepted[name] - at) * 1e3 if name in relay.accepted else float("inf")
                for name, at in crashed.items()]


def main():
    given = bench_options(__doc__, full="1,000 consoles").parse_args()
    raise_open_files()
    setup = FULL_SETUP if given.full else SETUP
    figures, missing = Figures(), 0
    for flooding in (0, 1):
        with tempfile.TemporaryDirectory(prefix="lastgasp-latency-") as folder:
            delays = Crashes(Lastgasp(given.lastgasp), setup, flooding,
                             pathlib.Path(folder)).run()
        title = (f"{setup['consoles']:,} consoles, {setup['lines']:,} lines/s"
                 + (", one more floods" if flooding else ""))
        missing += delays.count(float("inf"))
        figures.add(f"{title}: crashes alerted", len(delays) - delays.count(float("inf")), "",
                    at_least=setup["crashes"])
        for share, name, at_most in ((0.5, "median", None), (0.99, "p99", AT_MOST_MS),
                                     (1, "longest", None)):
            figures.add(f"{title}: crash to alert, {name}", percentile(delays, share), "ms",
                        at_most=at_most)
    figures.print()
    figures.write(given.json)
    return 1 if missing else 0


if __name__ == "__main__":
    end_by_signal()
    sys.exit(main())
