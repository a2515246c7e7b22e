"""A real Alertmanager on one port for as long as it is needed, which may be killed meanwhile."""
import contextlib
import json
import subprocess
import threading
import time
import urllib.request

from measuring import free_port

PROGRAM = "prometheus-alertmanager"
LIMIT_SECONDS = 3600
READY_SECONDS = 30


class Alertmanager:
    def __init__(self, folder):
        self._config = folder / "alertmanager.yml"
        self._config.write_text("route: {receiver: nobody}\nreceivers: [{name: nobody}]\n")
        self._folder, self._port, self._process = folder / "alertmanager", free_port(), None
        self.url = f"http://127.0.0.1:{self._port}"

    def __enter__(self):
        self.start()
        deadline = time.monotonic() + READY_SECONDS
        while not self.ready():
            if time.monotonic() > deadline:
                raise RuntimeError("Alertmanager does not come up")
            time.sleep(0.05)
        return self

    def __exit__(self, *_):
        self.kill()

    def start(self):
        self._process = subprocess.Popen(
            [PROGRAM, f"--config.file={self._config}", f"--storage.path={self._folder}",
             f"--web.listen-address=127.0.0.1:{self._port}", "--cluster.listen-address="],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self._limit = threading.Timer(LIMIT_SECONDS, self._process.kill)
        self._limit.daemon = True
        self._limit.start()

    def running(self):
        return self._process.poll() is None

    def kill(self):
        self._limit.cancel()
        self._process.kill()
        self._process.wait()

    def ready(self):
        with contextlib.suppress(OSError):
            urllib.request.urlopen(self.url + "/-/ready", timeout=5).close()
            return True
        return False

    def alerts(self):
        """What it knows: nothing while it does not answer."""
        with contextlib.suppress(OSError):
            with urllib.request.urlopen(self.url + "/api/v2/alerts", timeout=10) as answer:
                return json.load(answer)
        return []
