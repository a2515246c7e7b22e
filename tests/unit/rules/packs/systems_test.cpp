// What boot loaders, firmware, hypervisors and Linux systems print when they boot, are rebooted and
// die, through the built-in rules and the tracker.
#include <catch2/catch.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "rules/engine/rule_set.h"
#include "rules/incident/tracker.h"
#include "rules/packs/built_in_packs.h"

using namespace lastgasp;

namespace {

std::shared_ptr<const RuleSet> built_in_rules() {
  static const std::shared_ptr<const RuleSet> rules = [] {
    std::vector<Pack> packs;
    for (const BuiltInPack& pack : built_in_packs()) {
      packs.push_back(parse_pack(pack.yaml, std::string(pack.file)));
    }
    return RuleSet::compile(packs);
  }();
  return rules;
}

// One console; what it says ends each line but "a prompt" with a newline, 20 ms a line.
class Console final : TrackerSink {
 public:
  Console() { tracker_.link(true, now_, *this); }

  void says(std::string_view text) {
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      line(text.substr(0, end), false);
      text.remove_prefix(std::min(end + 1, text.size()));
    }
  }
  void prompts(std::string_view text) { line(text, true); }
  void wait(Micros time) {
    now_ = now_ + time;
    if (tracker_.due() <= now_.mono) {
      tracker_.tick(now_, *this);
    }
  }
  void end() { tracker_.finish(now_, *this); }

  // "kind: title" of each incident.
  std::vector<std::string> incidents() const {
    std::vector<std::string> out;
    for (const Incident& incident : incidents_) {
      out.push_back(std::string(name_of(incident.kind)) + ": " + incident.title);
    }
    return out;
  }
  const std::string& platform() const { return tracker_.platform(); }
  BootReason last_reason() const { return boots_.empty() ? BootReason::unknown : boots_.back(); }

 private:
  void line(std::string_view text, bool partial) {
    Line line{.text = text, .at = now_, .number = number_, .begin = offset_, .partial = partial};
    line.end = offset_ + text.size() + 1;
    tracker_.line(line, matcher_.match(text, tracker_.platform()), *this);
    if (!partial) {
      ++number_;
      offset_ = line.end;
    }
    wait(std::chrono::milliseconds(20));
  }
  void on_incident(Incident& incident) override {
    if (incident.id == 0) {
      incidents_.push_back(incident);
      incident.id = static_cast<std::int64_t>(incidents_.size());
    }
    incidents_[static_cast<std::size_t>(incident.id) - 1] = incident;
  }
  void on_boot(const Boot& boot) override { boots_.push_back(boot.reason); }
  void on_platform(std::string_view) override {}

  Instant now_{from_unix_micros(1'800'000'000'000'000), MonoTime{std::chrono::hours(1)}};
  std::uint64_t number_ = 1, offset_ = 0;
  std::vector<Incident> incidents_;
  std::vector<BootReason> boots_;
  Matcher matcher_{built_in_rules()};
  Tracker tracker_{"r1", "", {}};
};

using Incidents = std::vector<std::string>;

Incidents found_in(std::string_view transcript) {
  Console console;
  console.says(transcript);
  console.end();
  return console.incidents();
}

constexpr std::string_view kUBoot = R"(
U-Boot 2022.04-rtr1 (Sep 14 2023 - 11:52:30 +0200)

DRAM:  512 MiB
Loading Environment from Flash... *** Warning - bad CRC, using default environment

Net:   eth0: ethernet@72000
Hit any key to stop autoboot:  3  2  1  0
## Booting kernel from Legacy Image at 9f050000 ...
   Image Name:   router
   Verifying Checksum ... OK
Starting kernel ...
)";

constexpr std::string_view kLinux = R"(
[    0.000000] Linux version 5.15.134 (builder@ci) (gcc 11.2.0) #0 SMP Mon Oct 9 21:45:35 2023
[    0.000000] Kernel command line: console=ttyS0,115200 rootfstype=squashfs
)";

}  // namespace

TEST_CASE("systems: each crash is one incident that says what died") {
  struct Expected {
    const char* incident;
    const char* transcript;
  };
  for (
      const Expected& e : {
          Expected{"crash: U-Boot crashed: Synchronous Abort",
                   R"(=> md 0
"Synchronous Abort" handler, esr 0x96000044
elr: 00000000000411a8 lr : 0000000000041180 (reloc)
elr: 000000008ff5c1a8 lr : 000000008ff5c180
x0 : 0000000000000000 x1 : 0000000000000001
Code: b9400000 d65f03c0
Resetting CPU ...

resetting ...
)"},
          Expected{"crash: U-Boot crashed: data abort",
                   R"(data abort
pc : [<4ff6a1c4>]          lr : [<4ff6a0b8>]
sp : 4eb2bd80  ip : 00000001     fp : 4eb5c0f0
Flags: nZCv  IRQs off  FIQs off  Mode SVC_32
Resetting CPU ...
)"},
          Expected{
              "crash: GRUB crashed: alloc magic is broken",
              "alloc magic is broken at 0x7d0b2c40: 7d0b2c00\nAborted. Press any key to exit.\n"},
          Expected{"crash: UEFI crashed: Page-Fault",
                   R"(!!!! X64 Exception Type - 0E(#PF - Page-Fault)  CPU Apic ID - 00000001 !!!!
ExceptionData - 0000000000000002  I:0 R:0 U:0 W:1 P:0 PK:0 SS:0 SGX:0
RIP  - 000000007E1C20A4, CS  - 0000000000000038, RFLAGS - 0000000000010206
RAX  - 0000000000000000, RCX - 000000007F9D4B18, RDX - 0000000000000001
!!!! Find image based on IP(0x7E1C20A4) /src/Ip4Dxe.dll (ImageBase=000000007E1BF000) !!!!
)"},
          Expected{"crash: UEFI crashed: Synchronous exception",
                   R"(Synchronous Exception at 0x00000000BC71D0A8

  X0 0x0000000000000000   X1 0x00000000BFF2E018
  ELR 0x00000000BC71D0A8  FAR 0x0000000000000010
ASSERT [ArmCpuDxe] /src/AArch64/DefaultExceptionHandler.c(343): ((BOOLEAN)(0==1))
)"},
          Expected{"crash: Trusted firmware crashed: Unhandled Exception in EL3",
                   R"(Unhandled Exception in EL3.
x30            = 0x0000000004023a4c
x0             = 0x0000000000000000
esr_el3        = 0x0000000096000010
)"},
          Expected{"crash: OpenSBI crashed: trap handler failed",
                   R"(sbi_trap_error: hart0: trap handler failed (error -2)
sbi_trap_error: hart0: mcause=0x0000000000000005 mtval=0x0000000010000000
sbi_trap_error: hart0: mepc=0x0000000080001a2c mstatus=0x8000000a00007800
)"},
          Expected{"crash: systemd crashed: SEGV",
                   R"([ 9120.300114] systemd[1]: Caught <SEGV>, dumped core as pid 4021.
[ 9120.311902] systemd[1]: Freezing execution.
)"},
          Expected{
              "process_crash: frr died: SIGABRT",
              R"([ 3053.047427] systemd[1]: frr.service: Main process exited, code=dumped, status=6/ABRT
[ 3053.050012] systemd[1]: frr.service: Failed with result 'core-dump'.
)"},
          Expected{"process_crash: dnsmasq crashes again and again",
                   "daemon.info procd: Instance dnsmasq::cfg01411c s in a crash loop 6 crashes, 0 "
                   "seconds since last crash\n"},
          Expected{
              "process_crash: orchagent gives up: a SAI call failed",
              R"(Feb 11 04:05:06.12 leaf-9 ERR swss#orchagent: :- handleSaiFailure: Encountered failure in create operation, exiting orchagent, SAI API: SAI_API_ROUTE
Feb 11 04:05:06.90 leaf-9 INFO swss#supervisord: INFO exited: orchagent (exit status 1; not expected)
)"},
          Expected{"panic: QNX kernel crashed: signal 11",
                   R"(Shutdown[0,0] S/C/F=11/1/11 C/D=f0041b2c/f0061a90 state(c0)= now lock
[0]PID-TID= 1-1? P/T FL=00019001/08800000 "proc/boot/procnto-instr"
x86 context[efffcd10]:
0000: 08088dd0 b0359440 efff2d3c efffcd34
)"},
          Expected{"crash: VxWorks task crashed: data access",
                   R"(data access
Exception current instruction address: 0x001c42a8
Machine Status Register: 0x0000b032
Task: 0x11f57a0 "tRtadv"
0x11f57a0 (tRtadv): task 0x11f57a0 has had a failure and has been stopped.
)"},
          Expected{"panic: Xen BUG at mm.c",
                   R"((XEN) Xen BUG at mm.c:1165
(XEN) ----[ Xen-4.17.2  x86_64  debug=n  Not tainted ]----
(XEN) CPU:    2
(XEN) RIP:    e008:[<ffff82d04032a1b4>] put_page_type+0x41/0x190
(XEN) Panic on CPU 2:
(XEN) Xen BUG at mm.c:1165
(XEN) Reboot in five seconds...
)"},
          Expected{"panic: ESXi: #PF exception in vmnic4-pollW",
                   R"(VMware ESXi 7.0.3 [Releasebuild-19193900 x86_64]
#PF Exception 14 in world 1048902:vmnic4-pollW IP 0x41800a1b2c3d addr 0x0
cr0=0x8001003d cr2=0x0 cr3=0x18a40d000 cr4=0x2227e0
Code start: 0x418009c00000 VMK uptime: 4:03:02:01.904
0x453a2c41be30:[0x41800a1b2c3d]netpoll@vmkernel#nover+0x6d stack: 0x0
Coredump to disk. Slot 1 of 1 on device t10.ATA.
)"},
          Expected{
              "crash: ESP-IDF crashed: StoreProhibited",
              R"(Guru Meditation Error: Core  1 panic'ed (StoreProhibited). Exception was unhandled.
Core  1 register dump:
PC      : 0x400d1a2c  PS      : 0x00060a30
Rebooting...
)"},
          Expected{"process_crash: A Go program panicked: runtime error: invalid memory address or "
                   "nil pointer dereference",
                   R"(panic: runtime error: invalid memory address or nil pointer dereference
[signal SIGSEGV: segmentation violation code=0x1 addr=0x18 pc=0x4a1b2c]

goroutine 1 [running]:
main.main()
)"},
      }) {
    INFO(e.incident);
    const Incidents found = found_in(e.transcript);
    REQUIRE_FALSE(found.empty());
    CHECK(found == Incidents{e.incident});
  }
}

TEST_CASE("systems: an ordinary boot and an operator's reboot are no incident") {
  struct Life {
    const char* platform;
    std::string transcript;  // up, then asked to reboot
  };
  const std::string linux_below = std::string(kUBoot) + std::string(kLinux);
  for (const Life& life : {
           Life{"openwrt", linux_below + R"([    5.201834] procd: - early -
[   11.418231] procd: - ubus -
Press the [f] key and hit [enter] to enter failsafe mode
[   31.536083] procd: - init complete -
Please press Enter to activate this console.
BusyBox v1.35.0 (2023-04-27 20:28:15 UTC) built-in shell (ash)
root@OpenWrt:/# reboot
[ 4410.220175] procd: - shutdown -
[ 4412.000001] reboot: Restarting system
)" + linux_below},
           Life{"mikrotik", R"(RouterBOOT booter 7.8

CPU frequency: 880 MHz
Press any key within 2 seconds to enter setup..
loading kernel... OK
setting up elf image... OK
jumping to kernel code
Starting services...
MikroTik 7.8 (stable)
MikroTik Login: 
[admin@MikroTik] > /system reboot
Reboot, yes? [y/N]: 
system will reboot shortly
Rebooting...
RouterBOOT booter 7.8
)"},
           Life{"sonic", std::string(kLinux) + R"(Debian GNU/Linux 11 sonic ttyS0
sonic login: 
admin@sonic:~$ sudo reboot
requested COLD shutdown
Thu Feb  1 02:03:04 PM UTC 2024 Issuing OS-level reboot ...
[  OK  ] Reached target System Reboot.
[  912.000001] reboot: Restarting system
)" + std::string(kLinux)},
           Life{"vyos", std::string(kLinux) +
                            R"([   31.0] vyos-router[911]: Starting VyOS router: migrate configure.
Welcome to VyOS - edge-4 ttyS0

edge-4 login: 
vyos@edge-4:~$ reboot now
[  OK  ] Reached target System Reboot.
[  912.000001] reboot: Restarting system
)" + std::string(kLinux)},
           Life{"edgeos", linux_below + R"(Starting EdgeOS router: migrate rl-system configure.

Welcome to EdgeOS edge-7 ttyS0

edge-7 login: 
The system is going down NOW!
Requesting system reboot
[  912.000001] reboot: Restarting system
)" + linux_below},
           Life{"xen", R"((XEN) Xen version 4.17.2 (Debian 4.17.2-1) (gcc) debug=n
(XEN) *** Building a PV Dom0 ***
)" + std::string(kLinux) + R"(edge-9 login: 
(XEN) Hardware Dom0 shutdown: rebooting machine
(XEN) Xen version 4.17.2 (Debian 4.17.2-1) (gcc) debug=n
)"},
           Life{"qnx", R"(Welcome to QNX 7.1.0 on x86_64 !
Starting serial driver
login: 
# shutdown
Welcome to QNX 7.1.0 on x86_64 !
)"},
           Life{"vxworks", R"(                            VxWorks System Boot
Press any key to stop auto-boot...
 3
auto-booting...
Adding 8124 symbols for standalone.
-> reboot
                            VxWorks System Boot
)"},
           Life{"linux", R"(BdsDxe: starting Boot0001 "rtr" from HD(1,GPT,0A1B2C3D)
Welcome to GRUB!
error: no suitable video mode found.
)" + std::string(kLinux) + R"([   12.1] dracut-initqueue[301]: Starting iscsi login
[  OK  ] Reached target Multi-User System.
edge-2 login: 
[FAILED] Failed to start Set console keymap.
[  OK  ] Reached target Shutdown.
[ 3021.514355] systemd-shutdown[1]: Rebooting.
[ 3021.601002] reboot: Restarting system
)" + std::string(kLinux)},
       }) {
    INFO(life.platform);
    Console console;
    console.says(life.transcript);
    CHECK(console.last_reason() == BootReason::operator_);
    console.end();
    CHECK(console.platform() == life.platform);
    CHECK(console.incidents() == Incidents{});
  }
}

TEST_CASE("systems: a prompt or shell that only a person leaves is stuck after a minute") {
  struct Expected {
    const char* incident;
    const char* transcript;
    const char* prompt;
  };
  for (const Expected& e : {
           Expected{"stuck: Stuck: U-Boot prompt", "Hit any key to stop autoboot:  0 \n", "=> "},
           Expected{"stuck: Stuck: Boot loader halted and asks for a reset",
                    "### ERROR ### Please RESET the board ###\n", ""},
           Expected{"stuck: Stuck: GRUB rescue prompt",
                    "error: unknown filesystem.\nEntering rescue mode...\n", "grub rescue> "},
           Expected{"stuck: Stuck: UEFI shell", "UEFI Interactive Shell v2.2\n", "Shell> "},
           Expected{"stuck: Stuck: No bootable device", "No bootable device.\n", ""},
           Expected{"stuck: Stuck: Root file system not found: initramfs shell",
                    R"(ALERT!  /dev/disk/by-uuid/0f1e-2d3c does not exist.  Dropping to a shell!


BusyBox v1.35.0 (Debian 1:1.35.0-4+b3) built-in shell (ash)
Enter 'help' for a list of built-in commands.

)",
                    "(initramfs) "},
           Expected{"stuck: Stuck: Root file system not found: dracut emergency shell",
                    "Generating \"/run/initramfs/rdsosreport.txt\"\n"
                    "Entering emergency mode. Exit the shell to continue.\n",
                    "dracut:/# "},
           Expected{"stuck: Stuck: Emergency mode: waits for an operator",
                    R"([DEPEND] Dependency failed for Local File Systems.
You are in emergency mode. After logging in, type "journalctl -xb" to view
system logs, "systemctl reboot" to reboot, "systemctl default" or "exit"
to boot into default mode.
)",
                    "Give root password for maintenance"},
           Expected{"stuck: Stuck: OpenWrt failsafe mode", "- failsafe -\n", "root@(none):/# "},
           Expected{"stuck: Stuck: RouterBOOT cannot start RouterOS",
                    "trying bootp protocol......... failed\nkernel loading failed\n", ""},
       }) {
    INFO(e.incident);
    Console console;
    console.says(std::string("RAM test passed\n") + e.transcript);
    if (*e.prompt) {
      console.prompts(e.prompt);
    }
    console.wait(std::chrono::seconds(30));
    CHECK(console.incidents() == Incidents{});
    console.wait(std::chrono::seconds(31));
    CHECK(console.incidents() == Incidents{e.incident});
  }
}

TEST_CASE("systems: a reset that nobody asked for is told with its reason") {
  for (const auto& [transcript, reason] : {
           std::pair{"U-Boot 2022.04 (Sep 14 2023 - 11:52:30)\nReset cause: WDOG\n",
                     BootReason::watchdog},
           std::pair{"RouterBOOT booter 7.8\nMikroTik 7.8 (stable)\nMikroTik Login: \n"
                     "echo: system,error,critical router was rebooted without proper shutdown, "
                     "probably kernel failure\n",
                     BootReason::crash},
       }) {
    INFO(transcript);
    Console console;
    console.says("MikroTik Login: \n[admin@MikroTik] > \n");
    console.wait(std::chrono::minutes(20));
    console.says(transcript);
    console.end();
    REQUIRE(console.incidents().size() == 1);
    CHECK(console.incidents()[0].substr(0, 36) == "unexpected_reboot: Unexpected reboot");
    if (reason == BootReason::watchdog) {
      CHECK(console.incidents()[0] == "unexpected_reboot: Unexpected reboot (watchdog)");
    }
  }
}
