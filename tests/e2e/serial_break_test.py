"""A real UART in a guest, with the collector beside it: bytes are read and a break is counted."""

import unittest

from lab.case import Scenario, lastgasp_binary
from lab.guest import Archive, Guest
from lab.net import LOOPBACK, free_port
from lab.terminal import Terminal

RUN = b"""#!/bin/sh
ip link set lo up
/lastgasp run --data /data --listen 127.0.0.1:11520 'serial:///dev/ttyS1?baud=115200' &
while :; do
  wget -q -O- http://127.0.0.1:11520/metrics | grep -E '^lastgasp_console_(up|line_errors_total)'
  /lastgasp search --data /data 'over the wire' | cat
  sleep 1
done
"""


class SerialBreak(Scenario):
    def test_line_is_read_and_break_counted(self):
        inside = Archive()
        inside.program(lastgasp_binary())
        inside.file("lastgasp", b"#!/bin/sh\nexec " + lastgasp_binary().encode() + b' "$@"\n', 0o755)
        inside.file("scenario", RUN, 0o755)
        port = free_port()
        guest = Guest(self, "quiet", transport="unix", extra=inside, memory_mib=512, devices=[
            "-chardev", f"socket,id=line,host={LOOPBACK},port={port},server=on,wait=off",
            "-device", "isa-serial,index=1,chardev=line"])
        shell = Terminal(self, unix_path=guest.endpoint.removeprefix("unix:"))
        line = Terminal(self, port=port)

        shell.wait_seen(b'lastgasp_console_up{console="ttyS1"} 1', within=60)
        shell.wait_seen(b'lastgasp_console_line_errors_total{console="ttyS1",kind="break"} 0')
        line.type(b"sent over the wire\r\n")
        end = shell.wait_seen(b"sent over the wire")
        guest.human_monitor("chardev-send-break line")
        end = shell.wait_seen(
            b'lastgasp_console_line_errors_total{console="ttyS1",kind="break"} 1', end)
        line.type(b"again over the wire\r\n")
        shell.wait_seen(b"again over the wire", end)


if __name__ == "__main__":
    unittest.main()
