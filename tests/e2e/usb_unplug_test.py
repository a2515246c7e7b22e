"""Somebody pulls the USB adapter, and later puts it back."""

import unittest

from lab.case import Scenario, lastgasp_binary
from lab.guest import Archive, Guest, find_kernel, find_modules
from lab.net import LOOPBACK, free_port
from lab.terminal import Terminal

RUN = b"""#!/bin/sh
for module in usb-common usbcore uhci-hcd usbserial ftdi_sio; do insmod /modules/$module.ko; done
ip link set lo up
/lastgasp run --data /data --listen 127.0.0.1:11520 'serial:///dev/ttyUSB0?baud=115200' &
while :; do
  wget -q -O- http://127.0.0.1:11520/metrics | grep '^lastgasp_console_up'
  /lastgasp tail ttyUSB0 -n 20 --data /data | cat
  sleep 1
done
"""
UP = b'lastgasp_console_up{console="ttyUSB0"} 1'


class UsbUnplug(Scenario):
    def test_is_told_and_survived(self):
        kernel = find_kernel("amd64")
        if kernel is None:
            self.skipTest("a kernel with USB is not installed (Debian package linux-image-amd64)")
        inside = Archive()
        inside.program(lastgasp_binary())
        inside.file("lastgasp", b"#!/bin/sh\nexec " + lastgasp_binary().encode() + b' "$@"\n', 0o755)
        inside.file("scenario", RUN, 0o755)
        for name, module in find_modules(
                kernel, "usb-common", "usbcore", "uhci-hcd", "usbserial", "ftdi_sio"):
            inside.file(f"modules/{name}.ko", module)
        port = free_port()
        guest = Guest(
            self, "quiet", transport="unix", extra=inside, kernel=kernel, memory_mib=512, devices=[
                "-chardev", f"socket,id=line,host={LOOPBACK},port={port},server=on,wait=off",
                "-device", "piix3-usb-uhci,id=usb",
                "-device", "usb-serial,id=adapter,chardev=line"])
        shell = Terminal(self, unix_path=guest.endpoint.removeprefix("unix:"))
        line = Terminal(self, port=port)

        end = shell.wait_seen(UP, within=90)
        line.type(b"first over the wire\r\n")
        end = shell.wait_seen(b"first over the wire", end)
        guest.monitor("device_del", id="adapter")
        end = shell.wait_seen(b"unplugged", end)
        guest.monitor("device_add", driver="usb-serial", id="adapter", chardev="line")
        end = shell.wait_seen(UP, end, within=60)
        line.type(b"second over the wire\r\n")
        shell.wait_seen(b"second over the wire", end)


if __name__ == "__main__":
    unittest.main()
