"""Records consoles of real machines under QEMU: `record.py NAME...`, or `--list`. See README.md."""

import argparse
import contextlib
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "e2e"))

from lab.case import require  # noqa: E402
from lab.guest import Archive, Guest, find_kernel  # noqa: E402
from lab.net import LOOPBACK, free_port  # noqa: E402
from lab.process import Process  # noqa: E402
from lab.terminal import Terminal  # noqa: E402

WAIT = 90
# Short boots: the banner and what is worth a notice, then all that the kernel says.
BRIEF = "loglevel=6"
HEAD = "#!/bin/sh\ndmesg -n 8\n"
LOOP_DISK = "insmod /modules/loop.ko\nmkdir /mnt\nmount -o loop /disk /mnt\n"

RECORDINGS = {}


def recording(function):
    RECORDINGS[function.__name__.replace("_", "-")] = function
    return function


class Studio:
    """What the lab's parts want of a scenario, and the one machine that is recorded."""

    def __init__(self):
        self._ending = contextlib.ExitStack()
        self.addCleanup = self._ending.callback
        self.folder = Path(self._ending.enter_context(
            tempfile.TemporaryDirectory(prefix="lastgasp-record.")))
        self._end = 0

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self._ending.close()

    def show_on_failure(self, name, text):
        pass

    def skipTest(self, why):
        raise SystemExit(why)

    def linux(self, script="", arguments=BRIEF, files=(), modules=(), flavour="cloud-amd64",
              init="etc/rc.local", **options):
        kernel = find_kernel(flavour)
        inside = Archive()
        if script:
            inside.file(init, (HEAD + script).encode(), 0o755)
        for name, content, mode in files:
            inside.file(name, content, mode)
        if kernel is not None:
            inside.modules(kernel, *modules)
        self.guest = Guest(self, arguments, "tcp", extra=inside, kernel=kernel, **options)
        self.terminal = Terminal(self, self.guest.port)

    def uboot(self, qemu, package, board, image):
        self._machine(qemu, package, [*board, "-bios", f"/usr/lib/u-boot/{image}"])
        self.see("stop autoboot:")
        self.type(" ")
        self.see("=> ")

    def pc(self, disk):
        """A PC that starts from that disk, its firmware's screen on the serial line."""
        self._machine("qemu-system-x86_64", "qemu-system-x86", [
            "-machine", "graphics=off", "-drive", f"file={disk},format=raw,if=ide"])

    def _machine(self, qemu, package, arguments):
        port = free_port()
        Process(self, "machine", [
            require(qemu, package), "-accel", "tcg", *arguments, "-m", "256", "-nodefaults",
            "-display", "none", "-serial", f"tcp:{LOOPBACK}:{port},server=on,wait=on"])
        self.terminal = Terminal(self, port)

    def see(self, text, within=WAIT):
        self._end = self.terminal.wait_seen(text.encode(), self._end, within)

    def type(self, text):
        self.terminal.type(text.encode())

    def log_in(self):
        self.see("pe1 login: ")
        self.type("root\r")
        self.see("# ")

    def quiet(self, seconds):
        """Until nothing was printed for so long: a machine that died says so by silence."""
        with contextlib.suppress(AssertionError):
            while True:
                self.terminal.wait_seen(b"\n", len(self.terminal.seen), seconds)


def disk(folder, *commands, errors="continue"):
    """An ext4 image with a file in it, changed by debugfs commands."""
    image = folder / "disk"
    content = folder / "content/etc"
    content.mkdir(parents=True)
    (content / "router.conf").write_text("hostname pe1\n")
    subprocess.run([require("mke2fs", "e2fsprogs"), "-q", "-t", "ext4", "-b", "1024", "-e", errors,
                    "-d", content.parent, image, "4096"], check=True, timeout=60,
                   capture_output=True)
    for command in commands:
        subprocess.run([require("debugfs", "e2fsprogs"), "-w", "-R", command, image], check=True,
                       timeout=60, capture_output=True)
    return ("disk", image.read_bytes(), 0o644)


# --- hangs, hardware, storage

@recording
def hung_task(studio):
    """A daemon writes to a frozen file system; everything else goes on."""
    daemon = b"#!/bin/sh\necho 192.0.2.0/24 >/mnt/routes\n"
    studio.linux(LOOP_DISK + """
echo 5 >/proc/sys/kernel/hung_task_timeout_secs
echo 1 >/proc/sys/kernel/hung_task_warnings
fsfreeze --freeze /mnt
/bin/bird &
""", files=[disk(studio.folder), ("bin/bird", daemon, 0o755)], modules=["loop"])
    studio.see("blocked for more than")
    studio.quiet(2)


@recording
def nmi_unknown(studio):
    """The button of an NMI is pressed; Linux knows no reason and goes on."""
    studio.linux()
    studio.see("pe1 login: ")
    studio.quiet(1)
    studio.guest.human_monitor("nmi")
    studio.see("Dazed and confused")
    studio.quiet(1)


@recording
def nmi_panic(studio):
    """The same with kernel.unknown_nmi_panic=1; then somebody cycles the power."""
    studio.linux("echo 1 >/proc/sys/kernel/unknown_nmi_panic\n")
    studio.see("pe1 login: ")
    studio.quiet(1)
    studio.guest.human_monitor("nmi")
    studio.see("end Kernel panic")
    studio.quiet(1)
    studio.guest.monitor("system_reset")
    studio.see("pe1 login: ")


@recording
def machine_check_corrected(studio):
    """A bank of the CPU holds a corrected error, which the kernel finds when it looks."""
    studio.linux("echo 1 >/sys/devices/system/machinecheck/machinecheck0/check_interval\n",
                 flavour="amd64", memory_mib=512)
    studio.see("pe1 login: ")
    studio.guest.human_monitor("mce 0 1 0x9c00004000010151 0x0 0x12345000 0x86")
    studio.see("Hardware Error")
    studio.quiet(2)


@recording
def machine_check_fatal(studio):
    """An uncorrected error with corrupt processor context: the kernel panics and restarts."""
    studio.linux(flavour="amd64", memory_mib=512, arguments=BRIEF + " panic=1")
    studio.see("pe1 login: ")
    studio.guest.human_monitor("mce 0 1 0xbe00000000010151 0x5 0x12345000 0x86")
    studio.see("Kernel panic")
    studio.see("pe1 login: ")


@recording
def ext4_error_readonly(studio):
    """A directory names an inode that is gone; the file system is mounted errors=remount-ro."""
    studio.linux(LOOP_DISK + "ls -l /mnt/etc\n", modules=["loop"],
                 files=[disk(studio.folder, "clri /etc/router.conf", errors="remount-ro")])
    studio.see("pe1 login: ")
    studio.quiet(1)


@recording
def ext4_error_panic(studio):
    """The same with errors=panic; the machine restarts by panic=1 once, and is then stopped."""
    studio.linux(LOOP_DISK + "(sleep 2; ls -l /mnt/etc) &\n", modules=["loop"],
                 arguments=BRIEF + " panic=1",
                 files=[disk(studio.folder, "clri /etc/router.conf", errors="panic")])
    studio.see("Rebooting in 1 seconds")
    studio.see("pe1 login: ")


@recording
def out_of_memory_panic(studio):
    """vm.panic_on_oom=1, and a daemon that takes all memory."""
    daemon = b"#!/bin/sh\nexec tail /dev/zero\n"
    studio.linux("echo 1 >/proc/sys/vm/panic_on_oom\n(sleep 2; /bin/bird) &\n", memory_mib=160,
                 files=[("bin/bird", daemon, 0o755)])
    studio.see("end Kernel panic")
    studio.quiet(1)


@recording
def segfault(studio):
    """A daemon recurses until its stack ends."""
    daemon = b"#!/bin/sh\nf() { f; }\nf\n"
    studio.linux("(sleep 2; /bin/snmpd) &\n", files=[("bin/snmpd", daemon, 0o755)])
    studio.see("segfault at")
    studio.quiet(1)


# --- resets

@recording
def watchdog_hardware(studio):
    """Nobody feeds an i6300esb: the machine restarts without a word."""
    studio.linux("""
insmod /modules/watchdog.ko
insmod /modules/i6300esb.ko heartbeat=6
sleep 1000 3>/dev/watchdog &
""", modules=["watchdog", "i6300esb"], flavour="amd64", memory_mib=512,
                 devices=["-device", "i6300esb", "-action", "watchdog=reset"])
    studio.see("pe1 login: ")
    studio.see("pe1 login: ")


@recording
def watchdog_software(studio):
    """The same with softdog, which says what it does."""
    studio.linux("""
insmod /modules/watchdog.ko
insmod /modules/softdog.ko soft_margin=6
sleep 1000 3>/dev/watchdog &
""", modules=["watchdog", "softdog"])
    studio.see("pe1 login: ")
    studio.see("pe1 login: ")


@recording
def power_cut(studio):
    """The power goes while the console stands at its login prompt, and comes back."""
    studio.linux()
    studio.see("pe1 login: ")
    studio.quiet(1)
    studio.guest.monitor("system_reset")
    studio.see("pe1 login: ")


@recording
def power_cut_firmware(studio):
    """The same where SeaBIOS and iPXE speak before the kernel does."""
    studio.linux(devices=["-machine", "graphics=off", "-device", "e1000"])
    studio.see("pe1 login: ")
    studio.quiet(1)
    studio.guest.monitor("system_reset")
    studio.see("pe1 login: ")


@recording
def operator_reboot(studio):
    """An operator logs in and restarts the machine."""
    studio.linux()
    studio.log_in()
    studio.type("reboot -f\r")
    studio.see("pe1 login: ")


@recording
def operator_poweroff(studio):
    """An operator switches the machine off; later somebody presses the button."""
    studio.linux(devices=["-no-shutdown"])
    studio.log_in()
    studio.type("poweroff -f\r")
    studio.see("Power down")
    studio.quiet(1)
    studio.guest.monitor("system_reset")
    studio.guest.monitor("cont")
    studio.see("pe1 login: ")


@recording
def operator_sysrq_reset(studio):
    """An operator restarts the machine by the magic key, because nothing else would."""
    studio.linux()
    studio.log_in()
    studio.type("echo 1 >/proc/sys/kernel/sysrq; echo b >/proc/sysrq-trigger\r")
    studio.see("pe1 login: ")


@recording
def operator_sysrq_show(studio):
    """An operator looks at blocked tasks, CPUs and memory by the magic keys: nothing is wrong."""
    studio.linux("echo 1 >/proc/sys/kernel/sysrq\n")
    studio.log_in()
    for key in "wlm":
        studio.type(f"echo {key} >/proc/sysrq-trigger\r")
        studio.see("# ")
    studio.quiet(1)


# --- boots that do not arrive

@recording
def init_exits(studio):
    """init ends: the kernel panics, restarts by panic=1, and it comes so again."""
    studio.linux("echo 'rcS: cannot mount /data'\nexit 1\n", arguments=BRIEF + " panic=1",
                 init="scenario")
    for _ in range(3):
        studio.see("Rebooting in 1 seconds")


@recording
def no_root(studio):
    """The root file system's device does not exist."""
    studio.linux(arguments=BRIEF + " rdinit=/missing root=/dev/vda1")
    studio.see("end Kernel panic")
    studio.quiet(1)


# --- boot loaders

@recording
def uboot_arm64_abort(studio):
    """U-Boot reads where nothing is, and resets the CPU."""
    studio.uboot("qemu-system-aarch64", "qemu-system-arm", ["-M", "virt", "-cpu", "cortex-a57"],
                  "qemu_arm64/u-boot.bin")
    studio.type("md.l 0xffffffffffff0000\r")
    studio.see("stop autoboot:")
    studio.type(" ")
    studio.see("=> ")


@recording
def uboot_arm_abort(studio):
    """The same on 32 bits."""
    studio.uboot("qemu-system-arm", "qemu-system-arm", ["-M", "virt"], "qemu_arm/u-boot.bin")
    studio.type("md.l 0xfffffff0 1\r")
    studio.see("stop autoboot:")
    studio.type(" ")
    studio.see("=> ")


@recording
def uboot_x86_abort(studio):
    """An undefined instruction, after which U-Boot on x86 hangs."""
    studio.uboot("qemu-system-i386", "qemu-system-x86", [], "qemu-x86/u-boot.rom")
    studio.type("mw.w 0x1000000 0x0b0f; go 0x1000000\r")
    studio.quiet(3)


@recording
def grub_rescue(studio):
    """GRUB's own disk is there, the partition with the rest of it is not."""
    mkimage = require("grub-mkimage", "grub-common")
    pieces = Path(mkimage).parents[1] / "lib/grub/i386-pc"
    core = studio.folder / "core.img"
    subprocess.run([mkimage, "-d", pieces, "-O", "i386-pc", "-p", "(hd0,msdos1)/boot/grub", "-o",
                    core, "biosdisk", "part_msdos", "ext2"], check=True, timeout=60)
    image = bytearray((pieces / "boot.img").read_bytes()[:510] + b"\x55\xaa" + core.read_bytes())
    image += bytes(-len(image) % (1 << 20))
    (studio.folder / "disk").write_bytes(image)
    studio.pc(studio.folder / "disk")
    studio.see("grub rescue>")
    studio.quiet(1)


def record(name):
    with Studio() as studio:
        RECORDINGS[name](studio)
        (HERE / f"{name}.log").write_bytes(studio.terminal.seen)
        print(f"{name}.log: {len(studio.terminal.seen)} bytes")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--list", action="store_true", help="what can be recorded")
    arguments = parser.parse_args()
    if arguments.list:
        for name, function in RECORDINGS.items():
            print(f"{name:28}{function.__doc__}")
    for name in arguments.names:
        if name not in RECORDINGS:
            parser.error(f"no recording {name}")
        try:
            record(name)
        except unittest.SkipTest as lacking:
            parser.error(str(lacking))


if __name__ == "__main__":
    main()
