"""What `./dev run` shows: a router that boots, crashes, loops, and what the collector makes of it.

A small Linux under QEMU is the router; where QEMU or its kernel is missing, a recording of one.
"""

import argparse
import contextlib
import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve()
sys.path.insert(0, str(HERE.parents[1] / "e2e"))

from lab.guest import Guest, find_kernel  # noqa: E402
from lab.net import LOOPBACK, free_port, http  # noqa: E402
from lab.process import Process  # noqa: E402

RECORDING = HERE.parents[1] / "data/captures/linux-sysrq-crash-rebootloop.log"
HOURS = 24 * 3600


class Stage:
    """What the lab's parts want of a scenario: a folder, and somebody who ends them."""

    def __init__(self, folder):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self.folder = folder
        self.ending = contextlib.ExitStack()
        self.addCleanup = self.ending.callback

    def show_on_failure(self, name, text):
        pass


def say(text):
    print(f"demo: {text}", flush=True)


def lacking():
    """Why there can be no machine, or an empty string."""
    if shutil.which("qemu-system-x86_64") is None:
        return "qemu-system-x86_64 is not installed"
    if shutil.which("busybox") is None:
        return "busybox is not installed"
    return "" if find_kernel() else "no kernel of linux-image-cloud-amd64 in /boot"


def start_machine(stage, crash_after):
    """The endpoint of a router that will crash, loop for a while, and stay up."""
    crash = int(time.time()) + 5 + crash_after
    guest = Guest(stage, f"panic=1 lg.crash_at={crash} lg.crash_until={crash + 30}", limit=HOURS)
    say(f"a Linux router boots under QEMU; its console is {guest.endpoint}")
    say(f"it crashes about {crash_after} s after its login prompt, reboots in a loop, and stays up")
    return guest.endpoint


def start_recording(stage):
    port = free_port()
    Process(stage, "recording", [sys.executable, "-B", HERE.with_name("replay.py"), RECORDING,
                                 str(port)], limit=HOURS)
    say(f"a recorded console is played at 115200 baud on tcp://{LOOPBACK}:{port}")
    return f"tcp://{LOOPBACK}:{port}"


def start_collector(stage, collector, endpoint, listen):
    command = [collector, "run", "--data", stage.folder / "data", "--listen", listen, endpoint]
    say("$ " + " ".join(["lastgasp", *map(str, command[1:])]))
    process = Process(stage, "lastgasp", command, limit=HOURS)
    while process.running() and http(f"http://{listen}/-/healthy")[0] != 200:
        time.sleep(0.1)
    if process.running():
        say(f"open http://{listen}/ and watch; Ctrl-C ends it all")
    return process


def incidents(collector, data, *arguments):
    return subprocess.run([collector, "incidents", *arguments, "--data", data],
                          stdin=subprocess.DEVNULL, capture_output=True, timeout=60)


def tell_new_incidents(collector, data, told):
    """Prints each incident once, when its dump is complete."""
    listed = incidents(collector, data, "--output", "jsonl")
    for row in reversed([json.loads(line) for line in listed.stdout.splitlines()]):
        if row["id"] in told or row["state"] == "capturing":
            continue
        told.add(row["id"])
        print(f"\n==== incident {row['id']}: {row['kind']} ====", flush=True)
        sys.stdout.buffer.write(incidents(collector, data, "show", str(row["id"])).stdout)
        sys.stdout.flush()


def watch(process, collector, data, look):
    told = set()
    while process.running():
        tell_new_incidents(collector, data, told)
        if len(told) == 2:
            told.add(None)  # said once
            say(f"that was it. {look}")
        time.sleep(1)
    sys.stdout.write(process.log())
    say("the collector has ended")
    return 1


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--collector", required=True, help="the lastgasp binary")
    options.add_argument("--listen", default=f"{LOOPBACK}:11520")
    options.add_argument("--folder", type=Path, required=True, help="emptied, then kept")
    options.add_argument("--crash-after", type=int, default=25, metavar="SECONDS")
    options.add_argument("--recorded", action="store_true", help="play the recording")
    chosen = options.parse_args()

    stage = Stage(chosen.folder)
    data = stage.folder / "data"
    reason = "asked for" if chosen.recorded else lacking()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with stage.ending:
        try:
            if reason:
                say(f"no machine ({reason}); playing a recording instead")
            endpoint = start_recording(stage) if reason else start_machine(
                stage, chosen.crash_after)
            process = start_collector(stage, chosen.collector, endpoint, chosen.listen)
            return watch(process, chosen.collector, data,
                         f"Try: {chosen.collector} search 'Kernel panic' -C 3 --data {data}")
        except KeyboardInterrupt:
            print()
            say(f"ended; the transcript stays in {data}")
            return 0


if __name__ == "__main__":
    sys.exit(main())
