#!/usr/bin/env python3
"""CPU seconds per million lines of the whole collector on 100 TCP consoles.

    daemon_bench.py PATH/lastgasp [--consoles N] [--rate LINES_PER_SECOND] [--seconds S]

Serves N consoles on loopback, each printing ordinary router text at an even rate, runs the collector
on them, and compares what it received with what was sent. The time of the collector's process alone
counts (user and system, all threads: reading, lines, rules, journal, sealing, metrics).
"""
import argparse
import asyncio
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

TURN_SECONDS = 0.02


def line(console, number):
    text = f"*Mar  1 00:03:06.349: %LINEPROTO-5-UPDOWN: line {console}.{number} protocol on Gi0/1 "
    return (text + "changed state to up").ljust(78, ".") + "\r\n"


class Consoles:
    """N listeners; once all are connected, every connection gets its share of the lines."""

    def __init__(self, count):
        self.count = count
        self.ports, self.writers, self.sent = [], [], 0

    async def listen(self):
        self.servers = []
        for _ in range(self.count):
            server = await asyncio.start_server(self.connected, "127.0.0.1", 0)
            self.servers.append(server)
            self.ports.append(server.sockets[0].getsockname()[1])

    async def connected(self, _reader, writer):
        self.writers.append(writer)

    async def all_connected(self):
        while len(self.writers) < self.count:
            await asyncio.sleep(0.05)

    async def print_lines(self, rate, seconds):
        owed, began = 0.0, time.monotonic()
        turn = began
        while turn - began < seconds:
            turn += TURN_SECONDS
            owed += rate * TURN_SECONDS / self.count
            lines = int(owed)
            owed -= lines
            for console, writer in enumerate(self.writers):
                text = "".join(line(console, self.sent + i) for i in range(lines))
                writer.write(text.encode())
            self.sent += lines * self.count
            await asyncio.sleep(max(0.0, turn - time.monotonic()))
        for writer in self.writers:
            await writer.drain()


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def metric_sum(page, name):
    return sum(float(v) for v in re.findall(rf"^{name}(?:\{{[^\n]*\}})? ([0-9.e+]+)$", page, re.M))


async def scrape(listen):
    def get():
        with urllib.request.urlopen(f"http://{listen}/metrics", timeout=10) as answer:
            return answer.read().decode()
    return await asyncio.get_running_loop().run_in_executor(None, get)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


async def measure(args, folder):
    consoles = Consoles(args.consoles)
    await consoles.listen()
    listen = f"127.0.0.1:{free_port()}"
    endpoints = [f"tcp://127.0.0.1:{port}" for port in consoles.ports]
    daemon = subprocess.Popen([args.lastgasp, "run", "--data", folder, "--listen", listen] + endpoints,
                              stderr=subprocess.DEVNULL)
    try:
        await asyncio.wait_for(consoles.all_connected(), 30)
        before = cpu_seconds(daemon.pid)
        await consoles.print_lines(args.rate, args.seconds)
        deadline = time.monotonic() + 30
        while True:
            page = await scrape(listen)
            received = metric_sum(page, "lastgasp_console_received_lines_total")
            if received >= consoles.sent or time.monotonic() > deadline:
                break
            await asyncio.sleep(0.1)
        spent = cpu_seconds(daemon.pid) - before
        lost = metric_sum(page, "lastgasp_console_lost_bytes_total")
        rss = metric_sum(page, "process_resident_memory_bytes") / 2**20
    finally:
        daemon.send_signal(signal.SIGTERM)
        daemon.wait(timeout=30)
    print(f"{args.consoles} TCP consoles, {args.rate} lines/s for {args.seconds} s: "
          f"{spent / received * 1e6:.2f} CPU s per million lines, {rss:.0f} MiB RSS, "
          f"{int(consoles.sent - received)} lines missing, {int(lost)} bytes lost")
    return received == consoles.sent and lost == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lastgasp")
    parser.add_argument("--consoles", type=int, default=100)
    parser.add_argument("--rate", type=int, default=20000)
    parser.add_argument("--seconds", type=float, default=10)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lastgasp-bench-") as folder:
        sys.exit(0 if asyncio.run(measure(args, folder)) else 1)


if __name__ == "__main__":
    main()
