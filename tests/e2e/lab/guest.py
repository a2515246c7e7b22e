"""A small real Linux under QEMU, whose serial console a collector can read.

The image is Debian's cloud kernel as it is and an initramfs of busybox, written here. What the
guest does is told by its kernel command line (see guest_init). Always by TCG: /dev/kvm may be
present and not work.
"""

import gzip
import json
import os
import re
import socket
import stat
import subprocess
from pathlib import Path

from .case import REPOSITORY, eventually, require
from .net import LOOPBACK, free_port
from .process import Process

KERNEL_ARGUMENTS = ("console=ttyS0 nokaslr mitigations=off no_timer_check tsc=reliable "
                    "random.trust_cpu=on apparmor=0 audit=0")


def find_kernel(flavour="cloud-amd64"):
    """The newest installed kernel of that flavour, or None."""
    found = [path for path in Path("/boot").glob("vmlinuz-*")
             if re.fullmatch(rf"vmlinuz-[\d.]+-\d+-{flavour}", path.name)]
    return max(found, key=lambda path: [int(n) for n in re.findall(r"\d+", path.name)],
               default=None)


def find_modules(kernel, *names):
    """[(name, content)] of that kernel's modules."""
    root = Path("/lib/modules") / kernel.name.removeprefix("vmlinuz-")
    return [(name, next(root.rglob(f"{name}.ko")).read_bytes()) for name in names]


class Archive:
    """A cpio archive ("newc") in memory, as the kernel unpacks it. Needs no root."""

    def __init__(self):
        self._parts, self._names = [], set()

    def folder(self, name):
        path = ""
        for part in name.strip("/").split("/"):
            path = f"{path}/{part}".lstrip("/")
            self._entry(path, stat.S_IFDIR | 0o755, b"")

    def file(self, name, content, mode=0o644):
        name = name.lstrip("/")
        if "/" in name:
            self.folder(name.rsplit("/", 1)[0])
        self._entry(name, stat.S_IFREG | mode, content)

    def link(self, name, target):
        self._entry(name.lstrip("/"), stat.S_IFLNK | 0o777, target.encode())

    def modules(self, kernel, *names):
        """That kernel's modules, for insmod /modules/NAME.ko."""
        for name, module in find_modules(kernel, *names):
            self.file(f"modules/{name}.ko", module)

    def program(self, path):
        """The file and the shared libraries it needs, at the paths they have here."""
        listing = subprocess.run(["ldd", path], capture_output=True, text=True, timeout=20).stdout
        for needed in [str(path), *re.findall(r"(/\S+) \(0x", listing)]:
            self.file(needed, Path(needed).resolve().read_bytes(), 0o755)

    def _entry(self, name, mode, content):
        if name in self._names:
            return
        self._names.add(name)
        encoded = name.encode() + b"\0"
        numbers = (len(self._names), mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(encoded), 0)
        header = b"070701" + b"".join(b"%08X" % number for number in numbers) + encoded
        self._parts.append(header + b"\0" * (-len(header) % 4))
        self._parts.append(content + b"\0" * (-len(content) % 4))

    def bytes(self):
        if "TRAILER!!!" not in self._names:
            self._entry("TRAILER!!!", 0, b"")
        return b"".join(self._parts)


def initramfs(cache=REPOSITORY / "build" / "guest"):
    """The base image, built once: busybox and guest_init."""
    busybox = Path(require("busybox", "busybox-static"))
    init = Path(__file__).with_name("guest_init")
    image = cache / "initramfs.gz"
    if image.exists() and image.stat().st_mtime > max(
            busybox.stat().st_mtime, init.stat().st_mtime, Path(__file__).stat().st_mtime):
        return image
    archive = Archive()
    for name in ("bin", "sbin", "dev", "proc", "sys", "tmp", "run", "root", "etc"):
        archive.folder(name)
    archive.file("bin/busybox", busybox.read_bytes(), 0o755)
    archive.file("init", init.read_bytes(), 0o755)
    archive.link("bin/sh", "busybox")
    cache.mkdir(parents=True, exist_ok=True)
    fresh = cache / f"initramfs.gz.{os.getpid()}"
    fresh.write_bytes(gzip.compress(archive.bytes(), 1))
    fresh.rename(image)
    return image


class Guest:
    """Runs from the first reader on: QEMU waits for somebody on the console, so nothing is missed.

    `transport` is telnet, tcp or unix. `arguments` go to the kernel, `devices` to QEMU, and `extra`
    is an Archive unpacked over the base image.
    """

    def __init__(self, case, arguments="", transport="telnet", devices=(), extra=None,
                 kernel=None, memory_mib=256, limit=120, wait_for_reader=True):
        qemu = require("qemu-system-x86_64", "qemu-system-x86")
        kernel = kernel or find_kernel()
        if kernel is None:
            case.skipTest("no kernel for the guest (Debian package linux-image-cloud-amd64)")
        image = initramfs()
        if extra is not None:
            joined = case.folder / "initramfs"
            with open(joined, "wb") as out:
                out.write(image.read_bytes())
                out.write(gzip.compress(extra.bytes(), 1))
            image = joined
        self._qmp_path = case.folder / f"qmp.{id(self):x}"
        if transport == "unix":
            path = case.folder / f"console.{id(self):x}"
            self.endpoint, address = f"unix:{path}", f"unix:{path}"
        else:
            self.port = free_port()
            self.endpoint = f"{transport}://{LOOPBACK}:{self.port}"
            address = f"{transport}:{LOOPBACK}:{self.port}"
        waits = "on" if wait_for_reader else "off"
        self.process = Process(case, "guest", [
            qemu, "-accel", "tcg,thread=multi", "-cpu", "max", "-m", memory_mib, "-nodefaults",
            "-no-user-config", "-display", "none", "-kernel", kernel, "-initrd", image,
            "-append", f"{KERNEL_ARGUMENTS} {arguments}",
            "-qmp", f"unix:{self._qmp_path},server=on,wait=off",
            "-serial", f"{address},server=on,wait={waits}", *devices], limit=limit)
        self._case, self._qmp = case, None

    def monitor(self, command, **arguments):
        """One QMP command; what it returned."""
        if self._qmp is None:
            eventually(self._qmp_path.exists, 10, "QEMU's monitor")
            monitor = socket.socket(socket.AF_UNIX)
            monitor.settimeout(20)
            monitor.connect(str(self._qmp_path))
            self._case.addCleanup(monitor.close)
            self._qmp = monitor.makefile("rw")
            self._qmp.readline()
            self.monitor("qmp_capabilities")
        self._qmp.write(json.dumps({"execute": command, "arguments": arguments}) + "\n")
        self._qmp.flush()
        while True:
            answer = json.loads(self._qmp.readline())
            if "return" in answer:
                return answer["return"]
            if "error" in answer:
                raise AssertionError(f"QMP {command}: {answer['error']}")

    def human_monitor(self, line):
        return self.monitor("human-monitor-command", **{"command-line": line})
