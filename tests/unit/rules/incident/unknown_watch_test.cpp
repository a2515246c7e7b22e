// Dumps of systems that no pack knows are noticed, and what an operator or a boot prints is not.
#include "rules/incident/unknown_watch.h"

#include <catch2/catch.hpp>

#include "rules/incident/failure_words.h"
#include "tests/unit/rules/incident/scenario.h"

using namespace lastgasp;
using namespace lastgasp::scenario;
using namespace std::chrono_literals;

namespace {

void ordinary(Console& c) {
  for (int n = 0; n < 30; ++n) {
    c.says("port " + std::to_string(n) + " is up, autonegotiated");
  }
}

const Incident& unrecognised(Console& c) {
  c.wait(25s);
  REQUIRE(c.incidents.size() == 1);
  const Incident& incident = c.only();
  CHECK(incident.unrecognised);
  CHECK(incident.kind == Kind::crash);
  CHECK(incident.severity == Severity::critical);
  CHECK(incident.rule == "lastgasp.unrecognised");
  CHECK(incident.fingerprint.size() == 16);
  return incident;
}

}  // namespace

TEST_CASE("a real-time system's register dump is a crash") {
  Console c;
  ordinary(c);
  c.say({"", "*** Data abort exception in thread NetRx at 0x20041f3c ***",
         "r0  = 0x00000000  r1  = 0x2000a5c0  r2  = 0x00000010  r3  = 0xdeadbeef",
         "r4  = 0x20012340  r5  = 0x00000001  r6  = 0x20033e10  r7  = 0x00000000",
         "r12 = 0x000000ff  sp  = 0x2004ffb8  lr  = 0x0801c3a5  pc  = 0x0801c3c2",
         "Stack:", "  2004ffb8: 00000000 2000a5c0 0801c3a5 00000010", "System halted"});
  const Incident& incident = unrecognised(c);
  CHECK(incident.title == "Data abort exception in thread NetRx");
  CHECK(incident.first_line == 32);
  REQUIRE(incident.dump.size() >= 6);
  CHECK(incident.dump.front() == "*** Data abort exception in thread NetRx at 0x20041f3c ***");
  CHECK(incident.context.back().empty());
}

TEST_CASE("a hard fault handler that prints one register a line is a crash") {
  Console c;
  ordinary(c);
  c.say({"[00:14:09.331] HardFault: forced, CFSR=0x00008200", "R0  : 0x00000000",
         "R1  : 0x20001f40", "R2  : 0x00000004", "R3  : 0x40021000", "R12 : 0x00000001",
         "LR  : 0x08004f21", "PC  : 0x08004f2e", "xPSR: 0x61000000"});
  CHECK(unrecognised(c).title == "HardFault: forced, CFSR");
}

TEST_CASE("a vendor's MIPS exception is a crash") {
  Console c;
  ordinary(c);
  c.say({"Unhandled kernel exception: TLB miss on load", "epc = 80214ac8, cause = 00000008",
         "badvaddr = 00000014, status = 1100ff03", "$ 0   : 00000000 1100ff00 00000000 00000001",
         "$ 4   : 8fd21e80 00000014 8fd21f38 00000000",
         "$ 8   : 00000001 80430000 8fd20000 00000000", "ra = 80214a90  sp = 8fd21e58"});
  CHECK(unrecognised(c).title == "Unhandled kernel exception: TLB miss on load");
}

TEST_CASE("an exception message with machine registers is a crash") {
  Console c;
  ordinary(c);
  c.say({"data access fault", "Exception current instruction address: 0x00312f4c",
         "Machine Status Register: 0x0000b032", "Data Access Register: 0x0000000c",
         "Condition Register: 0x24000082", "Task: 0x1f7c0d8 \"tPktRx\"",
         "0x1f7c0d8 (tPktRx): task 0x1f7c0d8 has had a failure and has been stopped.",
         "srr0 = 0x00312f4c  msr = 0x0000b032  lr = 0x00312f20  ctr = 0x0",
         "r0 = 0x00312f20  r1 = 0x01f7bf60  r2 = 0x0  r3 = 0x0"});
  CHECK(unrecognised(c).title == "data access fault");
}

TEST_CASE("an assertion with a call stack is a crash, named with its function") {
  Console c;
  ordinary(c);
  c.say({"Nov 23 04:11:02 sw7 swd: ASSERT FAILED: entry->refs > 0 (fib_cache.c:881)", "Call stack:",
         "  #0 0x0041c7e8 in fib_cache_drop+0x1c8", "  #1 0x0041d010 in fib_cache_age+0x90",
         "  #2 0x00402b64 in timer_tick+0x44", "  #3 0x00401f00 in sched_loop+0x120",
         "  #4 0x00400a10 in main+0x310", "Core will be saved"});
  const Incident& incident = unrecognised(c);
  CHECK(incident.title.find("ASSERT FAILED: entry->refs > 0 (fib_cache.c:881)") !=
        std::string::npos);
}

TEST_CASE("a bare register set is a crash when it is unmistakable") {
  Console c;
  ordinary(c);
  c.say({"=====", "A0=00000001 A1=2003fe10 A2=00000000 A3=40001000",
         "S0=00000000 S1=00000000 RA=4200a1b2 SP=3fc9e0d0", "MEPC=4200a1c0 MCAUSE=00000005",
         "MTVAL=00000000"});
  CHECK(unrecognised(c).title == "Register dump");
}

TEST_CASE("the same unknown crash again is a repetition") {
  Console c;
  for (int round = 0; round < 3; ++round) {
    ordinary(c);
    const std::string at = "0x0801c3c" + std::to_string(round);
    c.says("Usage fault exception at " + at);
    c.says("r0 = 0x00000000 r1 = 0x2000a5c0 r2 = 0x00000010 r3 = " + at);
    c.says("sp = 0x2004ffb8 lr = 0x0801c3a5 pc = " + at);
    c.wait(2min);
  }
  CHECK(c.incidents.size() == 1);
  CHECK(c.tracker.open_incidents().at(0).repeats == 2);
}

TEST_CASE("a rule's name for the same dump wins") {
  Console c;
  ordinary(c);
  c.say({"Fatal: illegal access", "r0 = 0x00000000 r1 = 0x2000a5c0 r2 = 0x00000010 r3 = 0x1",
         "sp = 0x2004ffb8 lr = 0x0801c3a5 pc = 0x0801c3c2", "r4 = 0x00000000 r5 = 0x00000000",
         "Unexpected exception to CPUvector 300"});
  c.wait(1min);
  REQUIRE(c.incidents.size() == 1);
  CHECK_FALSE(c.only().unrecognised);
  CHECK(c.only().rule == "ios.exception");
  CHECK(c.only().title == "Unexpected exception 300");
  CHECK(c.only().findings.size() == 1);
}

TEST_CASE("words of failure before a boot nobody asked for are a crash") {
  Console c;
  ordinary(c);
  c.says("r1 login: ");
  c.says("swd: FATAL: chip 0 does not answer");
  c.says("swd: assertion failed, giving up");
  c.says("kernel abort, address 0x00214ac8");
  c.wait(20s);
  c.says("U-Boot 2023.01 (Jun)");
  CHECK(unrecognised(c).title == "swd: FATAL: chip 0 does not answer");
  CHECK(c.boots.at(0).reason == BootReason::crash);

  Console asked;
  ordinary(asked);
  asked.says("r1#reload");
  asked.say({"FATAL: chip 0 does not answer", "assertion failed", "abort 0x00214ac8"});
  asked.says("U-Boot 2023.01 (Jun)");
  asked.wait(2min);
  CHECK(asked.incidents.empty());

  Console quiet;
  ordinary(quiet);
  quiet.say({"FATAL: chip 0 does not answer", "assertion failed", "abort 0x00214ac8"});
  quiet.wait(1h);
  quiet.says("U-Boot 2023.01 (Jun)");
  quiet.wait(2min);
  CHECK(quiet.count(Kind::crash) == 0);
}

TEST_CASE("what only looks like a dump raises nothing") {
  const std::vector<std::vector<const char*>> texts{
      // memory asked for at a boot loader's prompt
      {"=> md 0x80000000", "80000000: 00000000 e59ff018 e59ff018 e59ff018    ................",
       "80000010: e59ff018 e59ff018 e59ff018 e59ff018    ................",
       "80000020: 9ff60060 9ff600c0 9ff60120 9ff60180    `...............",
       "80000030: 9ff601e0 9ff60240 9ff602a0 deadbeef    ....@...........",
       "80000040: 00000000 e59ff018 e59ff018 e59ff018    ................",
       "80000050: e59ff018 e59ff018 e59ff018 e59ff018    ................"},
      {"=> bdinfo", "boot_params = 0x0000000000000000", "DRAM bank   = 0x0000000000000000",
       "-> start    = 0x0000000040000000", "-> size     = 0x0000000010000000",
       "flashstart  = 0x0000000000000000", "flashsize   = 0x0000000004000000",
       "relocaddr   = 0x000000004f6e3000", "reloc off   = 0x000000004f6e3000",
       "irq_sp      = 0x000000004e68f2a0", "sp start    = 0x000000004e68f2a0",
       "fdt_blob    = 0x000000004e68f2b0"},
      // registers an operator asked for, also of an unknown system
      {"-> ti tNetTask", "fatal exceptions seen: 1",
       "r0  = 0x00312f20  r1 = 0x01f7bf60  r2 = 0x0  r3 = 0x0",
       "r4  = 0x00000001  r5 = 0x01f7bf60  r6 = 0x0  r7 = 0x0",
       "pc  = 0x00312f4c  lr = 0x00312f20  sp = 0x01f7bf60  msr = 0x0000b032"},
      {"(qemu) x", "monitor> info registers", "EAX=00000000 EBX=00000000 ECX=00000000 EDX=00000663",
       "ESI=00000000 EDI=00000000 EBP=00000000 ESP=00000000", "EIP=0000fff0 EFL=00000002"},
      // an unknown device's own log of an old crash, without a prompt a rule knows
      {"box:/admin> crashdump show last", "Exception: data abort, task tIf",
       "r0  = 0x00312f20  r1 = 0x01f7bf60  r2 = 0x0  r3 = 0x0",
       "pc  = 0x00312f4c  lr = 0x00312f20  sp = 0x01f7bf60", "#0 0x00312f4c", "#1 0x00312f20",
       "#2 0x00312e00", "#3 0x00312d00"},
      // boots: memory maps, tables, features
      {"BIOS-e820: [mem 0x0000000000000000-0x000000000009fbff] usable",
       "BIOS-e820: [mem 0x000000000009fc00-0x000000000009ffff] reserved",
       "BIOS-e820: [mem 0x00000000000f0000-0x00000000000fffff] reserved",
       "BIOS-e820: [mem 0x0000000000100000-0x000000003ffdefff] usable",
       "NMI watchdog: Enabled. Permanently consumes one hw-PMU counter.",
       "pci 0000:00:01.0: reg 0x10: [mem 0xfd000000-0xfdffffff pref]",
       "pci 0000:00:01.0: reg 0x30: [mem 0xfebe0000-0xfebeffff pref]",
       "Machine check exception handling enabled", "pci 0000:00:02.0: reg 0x10: [io  0xc040]"},
      // certificates and packets
      {"crypto pki certificate chain trap-point", " certificate self-signed 01",
       "  3082022B 30820194 A0030201 02020101 300D0609 2A864886 F70D0101 05050030",
       "  31312F30 2D060355 04031326 494F532D 53656C66 2D536967 6E65642D 43657274",
       "  69666963 6174652D 31323334 35363738 3930301E 170D3933 30333031 30303031",
       "  35375A17 0D323030 31303130 30303030 305A3031 312F302D 06035504 03132649",
       "  4F532D53 656C662D 5369676E 65642D43 65727469 66696361 74652D31 32333435",
       "  36373839 3030819F 300D0609 2A864886 F70D0101 01050003 818D0030 81890281"},
      {"IP: tableid=0, s=10.1.1.2, d=10.9.9.9, corrupt packet",
       "07A91C40: 45000064 00010000 FF01A5B3", "07A91C50: 0A010102 0A090909 0800F1E2 00000000",
       "07A91C60: 00000000 00134A20 ABCDABCD ABCDABCD",
       "07A91C70: ABCDABCD ABCDABCD ABCDABCD ABCDABCD",
       "07A91C80: ABCDABCD ABCDABCD ABCDABCD ABCDABCD",
       "07A91C90: ABCDABCD ABCDABCD ABCDABCD ABCDABCD"},
      // tables of addresses
      {"Mac Address Table with fatal errors: 0", "   1    0011.2233.4455    DYNAMIC     Gi1/0/1",
       "   1    0011.2233.4466    DYNAMIC     Gi1/0/2",
       "   1    0011.2233.4477    DYNAMIC     Gi1/0/3",
       "   1    0011.2233.4488    DYNAMIC     Gi1/0/4",
       "   1    0011.2233.4499    DYNAMIC     Gi1/0/5",
       "   1    0011.2233.44aa    DYNAMIC     Gi1/0/6",
       "   1    0011.2233.44bb    DYNAMIC     Gi1/0/7"},
      // one event of a log, with its traceback
      {"%SYS-3-CPUHOG: Task ran for 2004 msec, process = Exec, PC = 60A1B2C4.",
       "-Traceback= 60A1B2CC 60A1C0D4 60A1C5E8 60A1F300 604F2A10", "port 1 is up", "port 2 is up"},
      // a chip's own registers in a driver's complaint
      {"eth0: transmit timed out, fatal interrupt, resetting",
       "eth0: 0x00000000: 0x165314e4, 0x00100506", "eth0: 0x00000010: 0xd3110004, 0x00000000",
       "eth0: 0x00000020: 0x00000000, 0x00000000", "eth0: 0x00000030: 0x00000000, 0x00000048",
       "eth0: 0x00000040: 0x00000000, 0x2c000000", "eth0: 0x00000050: 0x00000000, 0x00000000"},
      // state a kernel was asked for
      {"[  12.1] sysrq: Show Regs", "[  12.1] CPU: 0 PID: 0 Comm: swapper/0 Not tainted 6.1.0",
       "[  12.1] NMI backtrace for cpu 0", "[  12.1] RAX: 0000000000000000 RBX: 0000000000000000",
       "[  12.1] RIP: 0010:native_halt+0xa/0x10", "[  12.1] RSP: 0018:ffffffff82003e90",
       "[  12.1] RDX: 0000000000000000 RSI: 0000000000000000"}};
  for (const auto& text : texts) {
    Console c;
    ordinary(c);
    for (const char* line : text) {
      c.says(line);
    }
    c.wait(2min);
    INFO(text.front());
    CHECK(c.incidents.empty());
  }
}

TEST_CASE("words speak of failure only where they say one happened") {
  CHECK(failure_in("HardFault on task 3") == Failure::strong);
  CHECK(failure_in("DATA_ABORT at 0x10") == Failure::strong);
  CHECK(failure_in("Stack backtrace follows") == Failure::weak);
  for (const char* harmless :
       {"default route set", "bootstrap loader", "watchdog timer enabled", "panic=10 console=ttyS0",
        "no exceptions", "crashkernel=128M reserved", "crashinfo: none", "exceptions: 0"}) {
    INFO(harmless);
    CHECK(failure_in(harmless) == Failure::none);
  }
}

TEST_CASE("titles are what a person would say") {
  CHECK(title_from("Nov 23 04:11:02 *** Bus fault at 0x80214ac8, pc 0x1 ***") == "Bus fault");
  CHECK(title_from("*Mar  1 00:03:06.349: PANIC: out of buffers") == "PANIC: out of buffers");
  CHECK(title_from("<0>[   12.3] trap 0xdeadbeef") == "trap ADDR");
  CHECK(title_from("[Mon Oct 5 04:11:02 2026] (SYS) stack fault") == "(SYS) stack fault");
  CHECK(title_from("****") == "");
  CHECK(title_from(std::string(300, 'x') + " y").size() <= 120);
}

TEST_CASE("prompts are known by their form") {
  CHECK(typed_command("=> md 80000000") == "md 80000000");
  CHECK(typed_command("-> ti tNetTask") == "ti tNetTask");
  CHECK(typed_command("box:/admin> show") == "show");
  CHECK(typed_command("sw1(config)#end") == "end");
  for (const char* none : {"#0 0x1234 in f", "eth0: rx>tx", "a->next()", "key=>value", "box#",
                           "100% done", "<4>foo", "ordinary line > more"}) {
    INFO(none);
    CHECK_FALSE(typed_command(none));
  }
}
