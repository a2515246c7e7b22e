// Recorded consoles of real machines, and what must come of each. tests/data/captures/README.md
// tells how they were made.
#include "tests/unit/rules/packs/replay.h"

using namespace lastgasp;
using recorded::Replay;
using recorded::told;

namespace {

struct Recorded {
  const char* file;
  const char* told;
};

// At once after the recording's last byte.
void check_told(std::initializer_list<Recorded> all) {
  for (const Recorded& each : all) {
    INFO(each.file);
    Replay replay(each.file);
    replay.end();
    CHECK(told(replay) == each.told);
  }
}

std::size_t count(const Replay& replay, Kind kind) {
  std::size_t n = 0;
  for (const auto& [id, incident] : replay.incidents) {
    n += incident.kind == kind;
  }
  return n;
}

}  // namespace

TEST_CASE("each crash of a real Linux console is one incident with its cause in the title") {
  check_told({
      {"linux-mod-oops-panic.log",
       "linux, boots: unknown-\n"
       "critical panic at 335: Kernel NULL pointer dereference in i"},
      {"linux-mod-null.log",
       "linux, boots: unknown-\n"
       "critical crash at 336: Kernel NULL pointer dereference in i"},
      {"linux-mod-gpf.log",
       "linux, boots: unknown-\n"
       "critical crash at 336: General protection fault in i"},
      {"linux-mod-bug.log",
       "linux, boots: unknown-\n"
       "critical crash at 336: Kernel BUG at crashmod.c in i"},
      {"linux-mod-softlock.log",
       "linux, boots: unknown-\n"
       "critical panic at 344: Soft lockup in soft"},
      {"linux-mod-warn.log",
       "linux, boots: unknown-\n"
       "warning kernel_warning at 337: WARNING at crashmod.c in i"},
      {"linux-mod-atomic.log",
       "linux, boots: unknown-\n"
       "warning kernel_warning at 334: BUG: scheduling while atomic in i"},
      {"linux-sysrq-crash-panic1.log",
       "linux, boots: unknown-\n"
       "critical panic at 336: Kernel panic: sysrq triggered crash in sysrq_handle_crash"},
      {"linux-oom.log",
       "linux, boots: unknown-\n"
       "critical oom at 333: Out of memory: busybox invoked the OOM killer"},
      {"out-of-memory-panic.log",
       "linux, boots: unknown+\n"
       "critical panic at 29: Out of memory: tail invoked the OOM killer"},
      {"xen-boot-dom0panic.log",
       "xen, boots: unknown-\n"
       "critical crash at 143: dom0 crashed"},
  });
}

TEST_CASE("what a crash says stands in its incident whole, with what came before") {
  for (const char* file : {"linux-mod-oops-panic.log", "linux-mod-hung.log",
                           "linux-mod-softlock.log", "linux-mod-warn.log", "linux-oom.log"}) {
    INFO(file);
    Replay replay(file);
    replay.end();
    REQUIRE(replay.incidents.size() == 1);
    const Incident& incident = replay.incidents.at(1);
    CHECK(incident.state == IncidentState::open);
    CHECK(incident.platform == "linux");
    CHECK(incident.context.size() > 10);
    CHECK_FALSE(incident.truncated);
    CHECK(incident.last_line - incident.first_line + 1 == incident.dump.size());
  }
}

TEST_CASE("what a kernel or a program complains of behind the login prompt is an incident") {
  check_told({
      {"nmi-unknown.log",
       "linux, boots: unknown+\n"
       "critical hardware at 28: Unexpected NMI"},
      {"ext4-error-readonly.log",
       "linux, boots: unknown+\n"
       "warning storage at 28: EXT4 error on loop0"},
      {"segfault.log",
       "linux, boots: unknown+\n"
       "warning process_crash at 29: snmpd crashed: segfault"},
  });
}

TEST_CASE("a hung task is a hang of a machine that goes on") {
  Replay replay("hung-task.log");
  replay.end();
  REQUIRE(replay.incidents.size() == 1);
  const Incident& incident = replay.incidents.at(1);
  CHECK(incident.kind == Kind::hang);
  CHECK(incident.severity == Severity::critical);
  CHECK(incident.title == "Hung task in mnt_want_write");
  CHECK(incident.first_line == 31);
  CHECK(incident.dump.back().find("</TASK>") != std::string::npos);
  CHECK(incident.boots == 0);
}

TEST_CASE("corrected or fatal, a machine check is told once") {
  Replay corrected("machine-check-corrected.log");
  corrected.end();
  REQUIRE(corrected.incidents.size() == 1);
  CHECK(corrected.incidents.at(1).kind == Kind::hardware);
  CHECK(corrected.incidents.at(1).severity == Severity::warning);
  CHECK(corrected.incidents.at(1).first_line == 28);
  CHECK(corrected.incidents.at(1).last_line == 31);

  Replay fatal("machine-check-fatal.log");
  fatal.end();
  REQUIRE(fatal.incidents.size() == 1);
  CHECK(fatal.incidents.at(1).kind == Kind::panic);
  CHECK(fatal.incidents.at(1).title == "Kernel panic: Fatal local machine check");
  CHECK_FALSE(fatal.incidents.at(1).truncated);
  CHECK(fatal.incidents.at(1).first_line == 28);
}

TEST_CASE("a panic explains the boot after it") {
  check_told({{"nmi-panic.log",
               "linux, boots: unknown+ crash+\n"
               "critical panic at 29: Kernel panic: NMI: Not continuing in unknown_nmi_error"},
              {"grub-linux-panic-rebootloop.log",  // SeaBIOS, GRUB and Linux: one boot
               "linux, boots: unknown- crash-\n"
               "critical panic at 355: "
               "Kernel panic: sysrq triggered crash in sysrq_handle_crash"}});
  for (const char* file : {"ext4-error-panic.log", "machine-check-fatal.log"}) {
    INFO(file);
    Replay replay(file);
    replay.end();
    REQUIRE(replay.incidents.size() == 1);
    CHECK(replay.incidents.at(1).kind == Kind::panic);
    CHECK(replay.incidents.at(1).boots == 1);
    CHECK(replay.incidents.at(1).state == IncidentState::resolved);
    REQUIRE(replay.boots.size() == 2);
    CHECK(replay.boots[1].reason == BootReason::crash);
    CHECK(replay.boots[1].done > replay.boots[1].began);
  }
  Replay ext4("ext4-error-panic.log");
  ext4.end();
  CHECK(ext4.incidents.at(1).title.ends_with("in ext4_lookup"));
}

TEST_CASE("a reset without a word behind the login prompt is one unexpected reboot") {
  check_told({
      {"watchdog-hardware.log",
       "linux, boots: unknown+ unexplained+\n"
       "warning unexpected_reboot at 30: Unexpected reboot"},
      {"power-cut.log",
       "linux, boots: unknown+ unexplained+\n"
       "warning unexpected_reboot at 29: Unexpected reboot"},
      {"power-cut-firmware.log",  // SeaBIOS, iPXE and Linux: one boot
       "linux, boots: unknown+ unexplained+\n"
       "warning unexpected_reboot at 37: Unexpected reboot"},
  });
}

TEST_CASE("a watchdog that says what it does is no unexpected reboot besides") {
  Replay replay("watchdog-software.log");
  replay.end();
  REQUIRE(replay.incidents.size() == 1);
  const Incident& incident = replay.incidents.at(1);
  CHECK(incident.kind == Kind::watchdog);
  CHECK(incident.severity == Severity::critical);
  CHECK(incident.boots == 1);
  CHECK(incident.state == IncidentState::resolved);
  REQUIRE(replay.boots.size() == 2);
  CHECK(replay.boots[1].reason == BootReason::watchdog);
}

TEST_CASE("what an operator does is no incident") {
  check_told({
      {"linux-boot-poweroff.log", "linux, boots: unknown-"},
      {"operator-reboot.log", "linux, boots: unknown+ operator+"},
      {"operator-poweroff.log", "linux, boots: unknown+ operator+"},
      {"operator-sysrq-reset.log", "linux, boots: unknown+ operator+"},
      {"operator-sysrq-show.log", "linux, boots: unknown+"},
      {"linux-sysrq-wtml.log", "linux, boots: unknown-"},
      {"qemu-telnet-login.raw", "linux, boots: unknown+"},
  });
}

TEST_CASE("a machine that panics at every boot: each panic of the few, and one reboot loop") {
  for (const char* file : {"linux-sysrq-crash-rebootloop.log", "init-exits.log"}) {
    INFO(file);
    Replay replay(file);
    replay.end();
    CHECK(replay.incidents.size() == 4);
    CHECK(count(replay, Kind::panic) == 3);
    CHECK(count(replay, Kind::reboot_loop) == 1);
    CHECK(replay.incidents.at(1).kind == Kind::panic);
    CHECK(replay.incidents.at(1).boots == 1);
    CHECK(replay.incidents.at(1).resolution == "crashed again");
    CHECK(replay.incidents.at(1).fingerprint == replay.incidents.at(2).fingerprint);
    REQUIRE(replay.boots.size() == 3);
    CHECK(replay.boots[2].reason == BootReason::crash);
  }
}

TEST_CASE("a boot that finds no root file system is a panic before anybody is up") {
  Replay replay("no-root.log");
  replay.end();
  REQUIRE(replay.incidents.size() == 1);
  const Incident& incident = replay.incidents.at(1);
  CHECK(incident.kind == Kind::panic);
  CHECK(incident.title.find("Kernel panic: VFS: Unable to mount root fs on") == 0);
  CHECK(incident.first_line == 21);
  CHECK_FALSE(incident.truncated);
}

TEST_CASE("a boot loader that crashes is a crash, and its reset no riddle") {
  check_told({
      {"uboot-arm64-abort.log",
       "?, boots: unknown- crash-\n"
       "critical crash at 16: U-Boot crashed: Synchronous Abort"},
      {"uboot-arm-abort.log",
       "?, boots: unknown- crash-\n"
       "critical crash at 16: U-Boot crashed: data abort"},
      {"uboot-x86-abort.log",
       "?, boots: unknown-\n"
       "critical crash at 14: U-Boot crashed: Invalid Opcode (Undefined Opcode)"},
  });
}

TEST_CASE("U-Boot resetting again and again is a reboot loop") {
  Replay replay("uboot-arm64-typed-reset-loop.log");
  CHECK(replay.boots.size() == 33);
  CHECK(count(replay, Kind::reboot_loop) == 1);
  CHECK(count(replay, Kind::unexpected_reboot) == 0);
}

TEST_CASE("a boot loader, firmware or rescue prompt that waits is stuck after a minute") {
  for (const char* file : {"uboot-arm64.log", "uboot-x86.log", "uboot-riscv64.log",
                           "grub-rescue.log", "ovmf-shell.log", "seabios-ipxe.log"}) {
    INFO(file);
    Replay replay(file);
    replay.wait(std::chrono::seconds(1));
    CHECK(count(replay, Kind::stuck) == 0);
    replay.wait(std::chrono::seconds(62));
    CHECK(count(replay, Kind::stuck) == 1);
    CHECK(replay.boots.size() == 1);
  }
}
