"""A child process with a time limit and a log, ended by its own pid."""

import ctypes
import signal
import subprocess
import threading

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def _die_with_parent():
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


class Process:
    """Starts at once; killed when `limit` seconds have passed or the scenario ends."""

    def __init__(self, case, name, argv, limit=120, env=None, cwd=None):
        self.name = name
        self.log_path = case.folder / f"{name}.{id(self):x}.log"
        self._log = open(self.log_path, "wb")
        self._child = subprocess.Popen(
            [str(part) for part in argv], stdin=subprocess.DEVNULL, stdout=self._log,
            stderr=subprocess.STDOUT, env=env, cwd=cwd, preexec_fn=_die_with_parent)
        self._timer = threading.Timer(limit, self._child.kill)
        self._timer.daemon = True
        self._timer.start()
        case.addCleanup(self.stop)
        case.show_on_failure(name, self.log)

    @property
    def pid(self):
        return self._child.pid

    def running(self):
        return self._child.poll() is None

    def log(self):
        return self.log_path.read_bytes().decode("utf-8", "backslashreplace") \
            if self.log_path.exists() else ""

    def signal(self, number):
        self._child.send_signal(number)

    def wait(self, within):
        """The exit code; negative is a signal. Raises when it goes on longer."""
        return self._child.wait(within)

    def stop(self, within=10):
        """SIGTERM, then SIGKILL; its exit code."""
        self._timer.cancel()
        if self.running():
            self._child.terminate()
            try:
                self._child.wait(within)
            except subprocess.TimeoutExpired:
                self._child.kill()
        code = self._child.wait()
        self._log.close()
        return code

    def kill(self):
        """As kill -9: no goodbye."""
        self._timer.cancel()
        self._child.kill()
        code = self._child.wait()
        self._log.close()
        return code
