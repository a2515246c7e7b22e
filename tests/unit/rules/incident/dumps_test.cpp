#include <catch2/catch.hpp>

#include "tests/unit/rules/incident/scenario.h"

using namespace lastgasp;
using namespace lastgasp::scenario;
using namespace std::chrono_literals;

TEST_CASE("oops_then_panic_is_one_incident") {
  Console c;
  c.say({"one", "two"});
  oops(c);
  c.say({"[   12.2] Kernel panic - not syncing: Fatal exception",
         "[   12.3] Kernel Offset: disabled", "[   12.4] Rebooting in 1 seconds.."});
  c.wait(30s);
  REQUIRE(c.incidents.size() == 1);
  const Incident& i = c.only();
  CHECK(i.kind == Kind::panic);
  CHECK(i.severity == Severity::critical);
  CHECK(i.title == "Kernel NULL pointer dereference in fib_table_insert");
  CHECK(i.rule == "linux.null");
  CHECK(i.state == IncidentState::open);
  CHECK(i.context == std::vector<std::string>{"one", "two"});
  CHECK(i.functions == std::vector<std::string>{"fib_table_insert", "fib_magic"});
  CHECK(i.findings.size() == 2);
  CHECK(i.first_line == 3);
  CHECK(i.last_line == 17);
  CHECK(i.dump.size() == 15);
  CHECK_FALSE(i.truncated);
  CHECK(c.calls == 3);  // start, new finding, end
}

TEST_CASE("the panic that follows does not change the fingerprint") {
  Console alone, with;
  oops(alone);
  alone.wait(30s);
  oops(with, "ffff888005724d10", 4711);
  with.say({"[   12.2] Kernel panic - not syncing: Fatal exception"});
  with.wait(30s);
  CHECK(alone.only().fingerprint.size() == 16);
  CHECK(alone.only().fingerprint == with.only().fingerprint);
}

TEST_CASE("fatal_trap_then_panic") {
  Console c;
  c.say({"Fatal trap 12: page fault while in kernel mode", "cpuid = 0; apic id = 00",
         "fault virtual address\t= 0x18", "current process\t\t= 0 (softirq_0)", "panic: page fault",
         "cpuid = 0", "KDB: stack backtrace:",
         "db_trace_self_wrapper() at db_trace_self_wrapper+0x47/frame 0xfffffe0016abb520",
         "trap_pfault() at trap_pfault+0x9f/frame 0xfffffe0016abb6d0",
         "--- trap 0xc, rip = 0xffffffff812beb87, rsp = 0xfffffe0016abb8c0 ---",
         "inp_freemoptions() at inp_freemoptions+0x177/frame 0xfffffe0016abb900", "Uptime: 3d2h"});
  c.wait(30s);
  REQUIRE(c.incidents.size() == 1);
  CHECK(c.only().title == "Fatal trap 12: page fault in inp_freemoptions");
  CHECK(c.only().kind == Kind::panic);
}

TEST_CASE("a warning long before a panic does not name it, a warning as its cause does") {
  Console c;
  c.say({"[ 1.0] WARNING: CPU: 0 PID: 8 at net/a.c:12 f+0x1/0x2", "[ 1.1]  reported_here+0x1/0x2",
         "[ 1.2] ---[ end trace 0 ]---"});
  c.wait(3s);
  c.say({"[ 4.0] Kernel panic - not syncing: something else", "[ 4.1]  other_function+0x1/0x2",
         "[ 4.2] Rebooting in 1 seconds.."});
  c.wait(30s);
  REQUIRE(c.incidents.size() == 1);
  CHECK(c.only().title == "Kernel panic: something else in other_function");

  Console d;
  d.say({"[ 1.0] WARNING: CPU: 0 PID: 8 at net/a.c:12 f+0x1/0x2", "[ 1.1]  real_cause+0x1/0x2",
         "[ 1.2] Kernel panic - not syncing: panic_on_warn set"});
  d.wait(30s);
  CHECK(d.only().title == "WARNING at net/a.c in real_cause");
  CHECK(d.only().kind == Kind::panic);
}

TEST_CASE("a lockup reported again and again is one incident") {
  Console c;
  for (int n = 0; n < 5; ++n) {
    c.says("[ 9.0] watchdog: BUG: soft lockup - CPU#0 stuck for " + std::to_string(22 * n + 22) +
           "s!");
    c.say({"[ 9.1] RIP: 0010:spin_here+0xe/0x10", "[ 9.2] Call Trace:"});
    c.wait(24s);
  }
  REQUIRE(c.incidents.size() == 1);
  CHECK(c.only().title == "Soft lockup in spin_here");
  CHECK(c.tracker.open_incidents().at(0).repeats == 4);
}

TEST_CASE("unrelated troubles are incidents of their own") {
  Console c;
  c.says("[ 1.0] rpd[12]: segfault at 0");
  c.wait(10min);
  c.says("[ 601.0] dcd[13]: segfault at 0");
  CHECK(c.incidents.size() == 2);
  CHECK(c.incidents.at(1).fingerprint != c.incidents.at(2).fingerprint);
}

TEST_CASE("a flood of the same error is one incident and few calls") {
  Console c;
  for (int n = 0; n < 20'000; ++n) {
    c.says("[ 1.0] I/O error, dev sda, sector " + std::to_string(n));
  }
  REQUIRE(c.incidents.size() == 1);
  CHECK(c.tracker.open_incidents().at(0).repeats == 19'999);
  CHECK(c.calls <= 6);
  c.wait(20min);
  CHECK(c.only().state == IncidentState::resolved);
  CHECK(c.only().resolution == "no further sign for 15m00s");
}

TEST_CASE("dump_cut_by_link_loss") {
  Console c;
  c.say({"[ 1.0] BUG: kernel NULL pointer dereference", "[ 1.1] RIP: 0010:dies_here+0x1/0x2"});
  c.tracker.link(false, c.now, c);
  REQUIRE(c.incidents.size() == 1);
  CHECK(c.only().truncated);
  CHECK(c.only().state == IncidentState::open);
  CHECK(c.only().title == "Kernel NULL pointer dereference in dies_here");
}

TEST_CASE("an idle console ends the dump when due() said so") {
  Console c;
  c.says("[ 1.0] BUG: kernel NULL pointer dereference");
  CHECK(c.only().state == IncidentState::capturing);
  CHECK(c.tracker.due() > c.now.mono);
  c.wait(21s);
  CHECK(c.only().state == IncidentState::open);
  CHECK(c.only().truncated);
}

TEST_CASE("lines of ordinary life are not the dump's") {
  Console c;
  c.say({"[ 1.0] watchdog: BUG: soft lockup - CPU#0 stuck for 22s!",
         "[ 1.1] RIP: 0010:here+0x1/0x2"});
  for (int n = 0; n < 30; ++n) {
    c.says("ntpd: synchronised to a neighbour");
  }
  CHECK(c.only().state == IncidentState::open);
  CHECK(c.only().dump.size() == 2);
  CHECK(c.only().last_line == 2);
}

TEST_CASE("a partial line counts once") {
  Console c;
  c.says("[ 1.0] rpd[12]: segfault at", true);
  c.says("[ 1.0] rpd[12]: segfault at 0 ip 0");
  CHECK(c.incidents.size() == 1);
  CHECK(c.tracker.open_incidents().at(0).repeats == 0);
  CHECK(c.calls == 1);
}

TEST_CASE("two CPUs talking at once are told apart by their callers") {
  Console c;
  c.say({"[ 1.0][   T12] BUG: kernel NULL pointer dereference", "[ 1.1][    C2]  other_cpu+0x1/0x2",
         "[ 1.1][    C2] Kernel panic - not syncing: other trouble",
         "[ 1.2][   T12]  mine+0x1/0x2"});
  c.wait(30s);
  REQUIRE(c.incidents.size() == 1);
  CHECK(c.only().interleaved);
  CHECK(c.only().title == "Kernel NULL pointer dereference in mine");
}

TEST_CASE("replayed messages are no new crash") {
  Console c;
  c.say({"savecore: reboot after panic: page fault", "Buffered messages: (last 8192 bytes)",
         "Unexpected exception to CPUvector 400, PC = 41414140", "more of the same"});
  CHECK(c.incidents.empty());
  c.says("Router#");
  c.says("Unexpected exception to CPUvector 400, PC = 41414140");
  CHECK(c.incidents.size() == 1);
}

TEST_CASE("an incident of before the restart goes on") {
  Console before;
  oops(before);
  before.wait(30s);
  Console after;
  after.tracker.restore(before.tracker.open_incidents(), after.now);
  REQUIRE(after.tracker.open_incidents().size() == 1);
  CHECK(after.tracker.open_incidents()[0].id == 1);
  after.says("SeaBIOS (version 1)");
  after.says("r1 login: ", true);
  REQUIRE(after.incidents.size() == 1);
  CHECK(after.only().state == IncidentState::resolved);
  CHECK(after.boots.at(0).reason == BootReason::unknown);
}

TEST_CASE("a system that dies of the same again after its boot is a crash of its own") {
  Console c;
  for (int n = 0; n < 3; ++n) {
    oops(c);
    c.says("[   12.2] Kernel panic - not syncing: Fatal exception");
    c.says("[   12.3] Rebooting in 1 seconds..");
    c.wait(20min);
    c.says("Linux version 6.1");
    c.wait(5s);
  }
  REQUIRE(c.count(Kind::panic) == 3);
  CHECK(c.incidents.at(1).fingerprint == c.incidents.at(3).fingerprint);
  CHECK(c.incidents.at(1).repeats == 0);
  CHECK(c.incidents.at(1).resolution == "crashed again");
  CHECK(c.incidents.at(3).state == IncidentState::open);
}

TEST_CASE("the ninth crash in a row tells nothing new and is counted") {
  Console c;
  for (int n = 0; n < 40; ++n) {
    oops(c);
    c.says("Linux version 6.1");
    c.wait(5s);
  }
  CHECK(c.count(Kind::crash) == 8);
  CHECK(c.tracker.open_incidents().size() <= 3);
}

TEST_CASE(
    "a second oops that the first one leads to is its effect, a warning again its repetition") {
  Console c;
  oops(c);
  c.says("[   12.2] BUG: unable to handle something else");
  c.says("[   12.3] Kernel panic - not syncing: Attempted to kill init!");
  c.wait(30s);
  CHECK(c.incidents.size() == 1);

  Console d;
  for (int n = 0; n < 4; ++n) {
    d.say({"[ 1.0] WARNING: CPU: 0 PID: 8 at net/a.c:12 f+0x1/0x2",
           "[ 1.1] Call Trace:", "[ 1.2]  guilty+0x1/0x2", "[ 1.3] ---[ end trace 0 ]---"});
  }
  CHECK(d.incidents.size() == 1);
}

TEST_CASE("what a dying system's processes do is part of its death until it is back") {
  Console c;
  panic_and_reset(c);
  c.says("Linux version 6.1");
  c.says("[ 9.0] rpd[12]: segfault at 0");
  CHECK(c.incidents.size() == 1);
  CHECK(c.only().findings.back().title == "rpd crashed: segfault");
  CHECK(c.only().title == "Kernel panic: sysrq triggered crash in sysrq_handle_crash");
  c.says("r1 login: ", true);
  c.wait(1min);
  c.says("[ 99.0] rpd[12]: segfault at 0");
  CHECK(c.count(Kind::process_crash) == 1);
}

TEST_CASE("the dump completes the title") {
  Console c;
  c.say({"BUG: KASAN: use-after-free in fib_walk", "Write of size 8 at addr ffff88801a2b3c40",
         "Read of size 1 at addr ffff88801a2b3c41", "Call Trace:", " fib_walk+0x1/0x2",
         "===================="});
  c.wait(30s);
  CHECK(c.only().title == "KASAN: use-after-free Write in fib_walk");
}

TEST_CASE("dumps of two processors in one another are marked") {
  Console c;
  c.say({"[ 1.0] BUG: kernel NULL pointer dereference", "[ 1.1] CPU: 0 PID: 85 Comm: bgpd",
         "[ 1.1] CPU: 1 PID: 9 Comm: zebra", "[ 1.2] RIP: 0010:one+0x1/0x2",
         "[ 1.3] ---[ end trace 0 ]---"});
  c.wait(30s);
  CHECK(c.only().interleaved);
}

TEST_CASE("a boot that prints what memory kept of the crash before raises nothing") {
  Console c;
  const std::initializer_list<const char*> crash = {
      "[   12.100801] BUG: kernel NULL pointer dereference", "[   12.100802] RIP: 0010:f+0x1/0x2",
      "[   12.100803] ---[ end trace 0 ]---",
      "[   12.200001] Kernel panic - not syncing: Fatal exception"};
  c.say(crash);
  c.wait(5s);
  c.says("Linux version 6.1");
  c.say(crash);
  c.says("2026-11-22 10:11:12 <0>[   12.200001] Kernel panic - not syncing: Fatal exception");
  c.wait(1min);
  CHECK(c.incidents.size() == 1);
  CHECK(c.verdicts.back().verdict == Verdict::replayed);
  c.says("[   12.200002] Kernel panic - not syncing: Fatal exception");
  CHECK(c.incidents.size() == 2);
}
