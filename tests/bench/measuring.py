"""Child processes that end in time, and what they cost."""
import contextlib
import os
import pathlib
import re
import resource
import signal
import socket
import subprocess
import threading
import time

QUIET_SECONDS = 30
QUIET_SHARE = 0.05  # of a core; collectors look at their timers also when nothing is printed


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def raise_open_files():
    """For this process and its children, which a thousand consoles need."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def end_by_signal():
    """SIGTERM unwinds, so that every child ends with its parent."""
    def leave(*_):
        raise SystemExit(2)
    signal.signal(signal.SIGTERM, leave)


def cpu_seconds(pid):
    """Of the process and all its threads: the CPU clock that clock_getcpuclockid(3) names."""
    return time.clock_gettime((~pid << 3) | 2)


def cpu_of(command, limit, **more):
    """CPU seconds of a command that ends by itself, and what it printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, check=True, timeout=limit, stdout=subprocess.PIPE, **more)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout


def _status_bytes(pid, field):
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(rf"^{field}:\s+(\d+) kB", status, re.M).group(1)) * 1024


def peak_bytes(pid):
    return _status_bytes(pid, "VmHWM")


def resident_bytes(pid):
    return _status_bytes(pid, "VmRSS")


def with_children(pid):
    """The process and all that descend from it."""
    parents = {}
    for folder in pathlib.Path("/proc").iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(OSError):
                fields = (folder / "stat").read_text().rsplit(") ", 1)[1].split()
                parents[int(folder.name)] = int(fields[1])
    family = [pid]
    for member in family:
        family += [child for child, parent in parents.items() if parent == member]
    return family


def kill_all(pids):
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


@contextlib.contextmanager
def child(command, limit, **more):
    """A process that is ended, by its own pid, at the end of the block or when its time is over."""
    process = subprocess.Popen(command, **more)
    watch = threading.Timer(limit, lambda: kill_all(with_children(process.pid)))
    watch.start()
    try:
        yield process
    finally:
        watch.cancel()
        family = with_children(process.pid)
        process.terminate()
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        kill_all(family[1:])


def wait_until_quiet(pids):
    """CPU seconds of them once they are done with what was printed."""
    deadline = time.monotonic() + QUIET_SECONDS
    before = sum(map(cpu_seconds, pids))
    while time.monotonic() < deadline:
        time.sleep(0.5)
        now = sum(map(cpu_seconds, pids))
        if now - before <= QUIET_SHARE * 0.5:
            break
        before = now
    return now
