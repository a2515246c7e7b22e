// The same crash on another router, on another day: other addresses, processes, processors and
// times, other hosts, other things in front of each line. It is the same crash: the same kinds and
// the same fingerprints.
#include <algorithm>
#include <functional>
#include <regex>

#include "tests/unit/rules/packs/replay.h"

using namespace lastgasp;
using recorded::capture_bytes;
using recorded::Replay;

namespace {

// Kinds and fingerprints, one a line. A loop's title names the crash that is looping, so that its
// fingerprint is held as well.
std::string signs_of(const std::string& name, const std::string& text) {
  Replay replay(name, text);
  replay.end();
  std::string out;
  for (const auto& [id, incident] : replay.incidents) {
    out += std::string(name_of(incident.kind)) + ' ' + incident.fingerprint + ' ' + incident.title +
           '\n';
  }
  return out;
}
// Without the titles, which may name what was changed.
std::string fingerprints(std::string signs) {
  return std::regex_replace(signs, std::regex("^(\\w+ [0-9a-f]{16}) .*$", std::regex::multiline),
                            "$1");
}

std::string each_match(const std::string& text, const char* pattern,
                       const std::function<std::string(const std::smatch&)>& changed) {
  const std::regex expression(pattern);
  std::string out;
  auto at = text.cbegin();
  for (std::sregex_iterator it(text.begin(), text.end(), expression), end; it != end; ++it) {
    out.append(at, (*it)[0].first);
    out += changed(*it);
    at = (*it)[0].second;
  }
  out.append(at, text.cend());
  return out;
}

// Long numbers that are no small ones: an address of zero stays one.
std::string other_addresses(const std::string& text) {
  return each_match(text, "\\b(0x)?([0-9a-f]*[1-9a-f][0-9a-f]{7})\\b", [](const std::smatch& m) {
    std::string digits = m[2];
    const bool small = digits.size() >= 8 && digits.starts_with("0000");
    const bool decimal = m[1].str().empty() && digits.find_first_of("abcdef") == std::string::npos;
    if (!small && !decimal) {
      for (std::size_t i = digits.size() - 5; i < digits.size() - 1; ++i) {
        digits[i] = digits[i] == '7' ? '3' : '7';
      }
    }
    return m[1].str() + digits;
  });
}

std::string other_processes(const std::string& text) {
  return each_match(text, "\\b((?:PID|pid|Pid|UID): |pid )(\\d+)",
                    [](const std::smatch& m) { return m[1].str() + "4" + m[2].str(); });
}

std::string other_processors(const std::string& text) {
  return each_match(text, "\\b(CPU: |CPU#|CPU |cpuid = |cpu |CPU)(\\d+)\\b",
                    [](const std::smatch& m) {
                      return m[1].str() + std::to_string((std::stoul(m[2].str()) + 3) % 100);
                    });
}

// A boot begins at nought on every machine.
std::string other_times(const std::string& text) {
  return each_match(text, "\\[ *([1-9]\\d{0,4})\\.(\\d{6})\\]", [](const std::smatch& m) {
    const std::string seconds = std::to_string(std::stoul(m[1].str()) + 4711);
    return '[' + std::string(seconds.size() < 5 ? 5 - seconds.size() : 0, ' ') + seconds + '.' +
           m[2].str() + ']';
  });
}

std::string other_caller(const std::string& text) {
  return each_match(text, "(\\[ *\\d{1,5}\\.\\d{6}\\])",
                    [](const std::smatch& m) { return m[1].str() + "[  T217]"; });
}

std::string other_levels(const std::string& text) {
  return each_match(text, "(\\[ *\\d{1,5}\\.\\d{6}\\])",
                    [](const std::smatch& m) { return "<4>" + m[1].str(); });
}

struct Change {
  const char* name;
  std::string (*change)(const std::string&);
};
constexpr Change kChanges[]{{"addresses", other_addresses},   {"processes", other_processes},
                            {"processors", other_processors}, {"times", other_times},
                            {"callers", other_caller},        {"levels", other_levels}};

void check_stable(const std::string& name, const std::string& text) {
  const std::string signs = signs_of(name, text);
  INFO(name << ":\n" << signs);
  CHECK_FALSE(signs.empty());
  for (const Change& change : kChanges) {
    const std::string changed = change.change(text);
    if (changed == text) {
      continue;
    }
    const std::string other = signs_of(name, changed);
    INFO("changed " << change.name << ":\n" << other);
    CHECK(fingerprints(other) == fingerprints(signs));
  }
}

constexpr const char* kLinux =
    "[  812.402113] BUG: unable to handle page fault for address: ffff9e41c7d02418\r\n"
    "[  812.402167] #PF: supervisor write access in kernel mode\r\n"
    "[  812.402201] Oops: 0002 [#1] PREEMPT SMP NOPTI\r\n"
    "[  812.402233] CPU: 2 PID: 1931 Comm: bgpd Not tainted 6.1.0-21-amd64 #1\r\n"
    "[  812.402301] RIP: 0010:fib_rule_drop+0x3c/0x110 [edge]\r\n"
    "[  812.402352] RSP: 0018:ffffb1d2c0a37d90 EFLAGS: 00010246\r\n"
    "[  812.402377] RAX: 0000000000000000 RBX: ffff9e41c7d02400 RCX: 0000000000000001\r\n"
    "[  812.402455] Call Trace:\r\n"
    "[  812.402470]  <TASK>\r\n"
    "[  812.402488]  fib_rule_flush+0x5a/0x90 [edge]\r\n"
    "[  812.402533]  netdev_event+0x1c2/0x300\r\n"
    "[  812.402590]  </TASK>\r\n"
    "[  812.402640] ---[ end trace 0000000000000000 ]---\r\n";

constexpr const char* kFreeBsd =
    "Fatal trap 12: page fault while in kernel mode\r\n"
    "cpuid = 3; apic id = 06\r\n"
    "fault virtual address\t= 0x28\r\n"
    "instruction pointer\t= 0x20:0xffffffff80c3f1a7\r\n"
    "stack pointer\t        = 0x28:0xfffffe00a1c3d8f0\r\n"
    "current process\t\t= 0 (if_io_tqg_3)\r\n"
    "trap number\t\t= 12\r\n"
    "panic: page fault\r\n"
    "cpuid = 3\r\n"
    "KDB: stack backtrace:\r\n"
    "#0 0xffffffff80c7b2d5 at kdb_backtrace+0x65\r\n"
    "#1 0xffffffff80c2e0f1 at vpanic+0x181\r\n"
    "#2 0xffffffff80c2df63 at panic+0x43\r\n"
    "#3 0xffffffff8108d2f7 at trap_fatal+0x387\r\n"
    "#4 0xffffffff81063ad8 at calltrap+0x8\r\n"
    "#5 0xffffffff80d5a4c2 at lagg_input_ethernet+0x52\r\n"
    "#6 0xffffffff80d4b7e0 at ether_input+0x60\r\n"
    "Uptime: 41d7h12m3s\r\n";

constexpr const char* kOpenBsd =
    "uvm_fault(0xfffffd8042b11a60, 0x38, 0, 1) -> e\r\n"
    "kernel: page fault trap, code=0\r\n"
    "Stopped at      pf_state_expire+0x4d:   movq    0x38(%rax),%rcx\r\n"
    "    TID    PID    UID     PRFLAGS     PFLAGS  CPU  COMMAND\r\n"
    "*218841  51174      0     0x14000      0x200    2K softnet\r\n"
    "pf_state_expire(fffffd80441c2a18,1) at pf_state_expire+0x4d\r\n"
    "pf_purge(ffffffff8253d1a8) at pf_purge+0x9a\r\n"
    "taskq_thread(ffff8000000f2c00) at taskq_thread+0x100\r\n"
    "ddb{2}> ";

constexpr const char* kIos =
    " 04:17:31 UTC Tue Oct 6 2026: Unexpected exception to CPUvector 1200, PC = 60D41F3C\r\n"
    "-Traceback= 60D41F3C 60D42A10 60D3C5B4 6058A1E8\r\n"
    "Writing crashinfo to flash:crashinfo_20261006-041731\r\n"
    "*** System received a Bus Error exception ***\r\n"
    "signal= 0xa, code= 0x10, context= 0x62e1a4c8\r\n"
    "PC = 0x60d41f3c, Cause = 0x2020, Status Reg = 0x34008002\r\n";

constexpr const char* kUBoot =
    "U-Boot 2023.01 (Sep 14 2025 - 10:22:31 +0000)\r\n"
    "\"Synchronous Abort\" handler, esr 0x96000005\r\n"
    "elr: 000000000003f1c4 lr : 000000000003f1a8 (reloc)\r\n"
    "elr: 000000007ff721c4 lr : 000000007ff721a8\r\n"
    "x0 : 0000000000000000 x1 : 000000007ded81c0\r\n"
    "x2 : 0000000000000008 x3 : 000000007ff9a2e0\r\n"
    "Code: d503201f b4000040 f9400000 d65f03c0 (f9400001)\r\n"
    "Resetting CPU ...\r\n\r\nresetting ...\r\n";

}  // namespace

TEST_CASE("recorded crashes are the same on another machine and another day") {
  for (const char* file : {"ext4-error-panic.log",
                           "hung-task.log",
                           "init-exits.log",
                           "linux-mod-atomic.log",
                           "linux-mod-bug.log",
                           "linux-mod-gpf.log",
                           "linux-mod-hung.log",
                           "linux-mod-null.log",
                           "linux-mod-oops-panic.log",
                           "linux-mod-softlock.log",
                           "linux-mod-stack.log",
                           "linux-mod-warn.log",
                           "linux-oom.log",
                           "linux-sysrq-crash-panic1.log",
                           "linux-sysrq-crash-rebootloop.log",
                           "machine-check-fatal.log",
                           "nmi-panic.log",
                           "no-root.log",
                           "out-of-memory-panic.log",
                           "segfault.log",
                           "uboot-arm-abort.log",
                           "uboot-arm64-abort.log",
                           "uboot-arm64-typed-reset-loop.log",
                           "uboot-x86-abort.log",
                           "watchdog-software.log",
                           "xen-boot-dom0panic.log"}) {
    check_stable(file, capture_bytes(file));
  }
}

TEST_CASE("a dump is the same with other addresses, processes, processors and times") {
  check_stable("linux", kLinux);
  check_stable("freebsd", kFreeBsd);
  check_stable("openbsd", kOpenBsd);
  check_stable("ios", kIos);
  check_stable("u-boot", kUBoot);
}

TEST_CASE("who prints it, and to which log, makes no other crash of it") {
  const auto prefixed = [](const std::string& text, const std::string& prefix) {
    std::string out = prefix;
    for (std::size_t i = 0; i < text.size(); ++i) {
      out += text[i];
      if (text[i] == '\n' && i + 1 < text.size()) {
        out += prefix;
      }
    }
    return out;
  };
  const std::string plain = signs_of("linux", kLinux);
  for (const char* prefix :
       {"Oct  6 04:17:31 edge-7 kernel: ", "2026-10-06T04:17:31.221904+00:00 core2 kernel: "}) {
    INFO(prefix);
    CHECK(fingerprints(signs_of("linux", prefixed(kLinux, prefix))) == fingerprints(plain));
  }
}
