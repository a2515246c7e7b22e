// What network systems print when they crash and when an operator reloads them, through the
// built-in rules and the tracker.
#include <catch2/catch.hpp>
#include <map>
#include <string>
#include <string_view>

#include "rules/incident/tracker.h"
#include "tests/unit/rules/packs/replay.h"

using namespace lastgasp;

namespace {

// One console whose lines come 20 ms apart.
class Console final : TrackerSink {
 public:
  explicit Console(std::string_view text) : matcher_(recorded::built_in_rules()) {
    tracker_.link(true, now_, *this);
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      now_ = now_ + std::chrono::milliseconds(20);
      Line line;
      line.text = text.substr(at, end - at);
      line.at = now_;
      line.begin = at;
      line.number = ++number_;
      tracker_.line(line, matcher_.match(line.text, tracker_.platform()), *this);
      at = end + 1;
    }
    tracker_.finish(now_, *this);
  }

  const std::string& platform() const { return tracker_.platform(); }
  std::map<std::int64_t, Incident> incidents;

 private:
  void on_incident(Incident& incident) override {
    if (incident.id == 0) {
      incident.id = static_cast<std::int64_t>(incidents.size()) + 1;
    }
    incidents[incident.id] = incident;
  }
  void on_boot(const Boot&) override {}
  void on_platform(std::string_view) override {}

  Instant now_{from_unix_micros(1'800'000'000'000'000), MonoTime{}};
  std::uint64_t number_ = 0;
  Matcher matcher_;
  Tracker tracker_{"console", "", {}};
};

struct Crash {
  const char* platform;
  Kind kind;
  const char* title;
  const char* text;
};

const Crash kCrashes[] = {
    {"cisco-ios", Kind::crash, "TLB (load or instruction fetch) exception", R"(
10:21:03 UTC Tue May 7 2024: TLB (load or instruction fetch) exception, CPU signal 10, PC = 0x61B2C3D4
--------------------------------------------------------------------
   Possible software fault. Upon reccurence,  please collect
   crashinfo, "show tech" and contact Cisco Technical Support.
--------------------------------------------------------------------
-Traceback= 61B2C3D4 61B2C800 60A1B2C4
$0 : 00000000, AT : 62B50000, v0 : 00000000, v1 : 00000001
Writing crashinfo to flash:crashinfo_20240507-102103
=== Flushing messages (10:21:05 UTC Tue May 7 2024) ===
Buffered messages:
*May  7 10:01:00.101: %SYS-2-MALLOCFAIL: Memory allocation of 65536 bytes failed from 0x60712920, alignment 0
Queued messages:
*** System received a SegV exception ***
signal= 0xb, code= 0x1200, context= 0x62b2c3d4
System Bootstrap, Version 12.4(13r)T, RELEASE SOFTWARE (fc1)
)"},
    {"cisco-iosxe", Kind::crash, "IOS crashed: Segmentation fault in BGP Router", R"(
Exception to IOS Thread:
Frame pointer 0x7F30A1B2C3D8, PC = 0x55D0A1B2C3

UNIX-EXT-SIGNAL: Segmentation fault(11), Process = BGP Router
-Traceback= 1#84f2d2cb5aa33b87358ca5a1b96d199e  :55D0A1B2C000+15305
RAX = 0000000000000000  RBX = 0000000000000001
Writing crashinfo to bootflash:crashinfo_RP_00_00_20240507-101112-UTC
*May  7 10:11:14.101: %PMAN-3-PROCHOLDDOWN: R0/0: pman.sh: The process linux_iosd-image has been helddown (rc 139)
*May  7 10:11:14.301: %PMAN-0-PROCFAILCRIT: R0/0: pvp.sh: A critical process linux_iosd_image has failed (rc 139)
*May  7 10:11:15.101: %PMAN-5-EXITACTION: R0/0: pvp.sh: Process manager is exiting: critical process fault
Initializing Hardware ...
)"},
    {"cisco-iosxr", Kind::process_crash, "pkg/bin/bgp crashed", R"(
RP/0/RSP0/CPU0:May  7 10:11:12.101 : dumper[61]: %OS-DUMPER-4-CRASH_INFO : Crashed pid = 204912 (pkg/bin/bgp)
RP/0/RSP0/CPU0:May  7 10:11:14.302 : dumper[61]: %OS-DUMPER-5-CORE_FILE_NAME : Core for process pkg/bin/bgp at harddisk:/dumper/bgp_204912.core.gz on local_node
RP/0/RSP0/CPU0:May  7 10:11:14.502 : sysmgr[95]: %OS-SYSMGR-3-ERROR : bgp(1) (jid 1051) exited, will be respawned with a delay (slow-restart)
)"},
    {"cisco-nxos", Kind::crash, "Supervisor reset: service netstack failed", R"(
2024 May  7 10:11:12 n7k %$ VDC-1 %$ %SYSMGR-2-SERVICE_CRASHED: Service "netstack" (PID 4471) hasn't caught signal 11 (core will be saved).
2024 May  7 10:11:12 n7k %$ VDC-1 %$ %SYSMGR-2-HAP_FAILURE_SUP_RESET: Service "netstack" in vdc 1 has had a hap failure
[81245.118204]  writing reset reason 16, netstack hap reset
)"},
    {"junos", Kind::process_crash, "routing died: signal 11", R"(
--- JUNOS 18.4R1.8 Kernel 64-bit  JNPR-11.0-20181207.6c2f68b_2_bu
May  7 10:11:12  edge2 init: routing (PID 70445) terminated by signal number 11. Core dumped!
)"},
    {"arista-eos", Kind::process_crash, "Agent Bgp died 134", R"(
<166>May  7 10:11:12 leaf1 ProcMgr-worker: %PROCMGR-6-PROCESS_TERMINATED: 'Bgp' (PID=4188, status=134) has terminated.
<166>May  7 10:11:12 leaf1 ProcMgr-worker: %PROCMGR-6-PROCESS_RESTART: Restarting 'Bgp' immediately (it had PID=4188)
)"},
    {"nokia-sros", Kind::hardware, "IO Module failed: Heartbeat failure", R"(
A:core1# 
17 2024/05/07 10:11:12.10 UTC MAJOR: CHASSIS #2001 Base Card 1
"Class IO Module : failed, reason: Heartbeat failure"
)"},
    {"huawei-vrp", Kind::hardware, "MPU reset: VRP find task deadloop", R"(
May  7 2024 10:11:12 core1 %%01ALML/4/HSB_SWITCH_CAUSE(l)[7]:VRP find task deadloop causes MPU board[3] to reset. Switch cause code: 3.
)"},
    {"cisco-asa", Kind::crash, "ASA crashed in thread DATAPATH", R"(
Register dump: Thread DATAPATH-1-2048 in thread group
other: Unknown
        r8 0x00007ff18a4428c0
        r9 0x0000000000000001

Begin to dump crashinfo to flash....

End of console dump.
Process shutdown finished
Rebooting... (status 0x8b)
)"},
};

struct Reload {
  const char* platform;
  const char* text;
};

const Reload kReloads[] = {
    {"cisco-ios", R"(
Router#reload
Proceed with reload? [confirm]
*Oct 19 05:10:03.662: %SYS-5-RELOAD: Reload requested by noc on vty0 (10.0.0.4). Reload Reason: Reload Command.
System Bootstrap, Version 12.4(13r)T, RELEASE SOFTWARE (fc1)
program load complete, entry point: 0x80008000, size: 0x2b1c
Self decompressing the image : ########### [OK]
System returned to ROM by reload at 05:10:03 UTC Thu Oct 19 2023
Press RETURN to get started!
*Oct 19 05:14:31.020: %SYS-5-RESTART: System restarted --
)"},
    {"cisco-iosxr", R"(
RL: Reboot initiated with code 1, cause User initiated graceful reload reboot_timeout 30 shutdown delay 0
Cause: User initiated graceful reload
Cisco IOS XR Software for the Cisco XR ASR9K, Version 6.1.4
ios con0/RSP0/CPU0 is now available
)"},
    {"cisco-nxos", R"(
n9k# reload
This command will reboot the system. (y/n)?  [n] y
[ 6245.349362]  writing reset reason 9, 
BIOS Ver: 8.36
Booting nxos image: bootflash:/nxos.9.3.5.bin....
2024 May  7 10:21:52  %$ VDC-1 %$ %VDC_MGR-2-VDC_ONLINE: vdc 1 has come online
)"},
    {"arista-eos", R"(
leaf1#reload now
Press Control-C now to enter Aboot shell
Booting flash:/EOS-4.28.3M.swi
leaf1 login: 
)"},
    {"nokia-sros", R"(
*A:core1# admin reboot now
TiMOS-L-20.10.R1 boot/hops64 Nokia 7750 SR Copyright (c) 2000-2020 Nokia.
Looking for cf3:/bof.cfg ... OK, reading
TiMOS-C-20.10.R1 cpm/hops64 Nokia 7750 SR Copyright (c) 2000-2020 Nokia.
Login: 
)"},
    {"huawei-vrp", R"(
<core1>reboot
System will reboot! Continue?[Y/N]:y
BIOS loading ...
Press Ctrl+B to enter BOOT menu: 2
User interface con0 is available
)"},
    {"cisco-asa", R"(
*** --- START GRACEFUL SHUTDOWN ---
*** --- SHUTDOWN NOW ---
Rebooting... (status 0x9)
Rom image verified correctly
Use BREAK or ESC to interrupt boot.
Type help or '?' for a list of available commands.
)"},
};

}  // namespace

TEST_CASE("a crash of a network system is one incident with its cause in the title") {
  for (const Crash& crash : kCrashes) {
    INFO(crash.text);
    const Console console(crash.text);
    CHECK(console.platform() == crash.platform);
    for (const auto& [id, incident] : console.incidents) {
      UNSCOPED_INFO(name_of(incident.kind) << ": " << incident.title);
    }
    CHECK(console.incidents.size() == 1);
    if (!console.incidents.empty()) {
      CHECK(console.incidents.at(1).kind == crash.kind);
      CHECK(console.incidents.at(1).title == crash.title);
    }
  }
}

TEST_CASE("a network system that an operator reloads is no incident") {
  for (const Reload& reload : kReloads) {
    INFO(reload.text);
    const Console console(reload.text);
    CHECK(console.platform() == reload.platform);
    for (const auto& [id, incident] : console.incidents) {
      UNSCOPED_INFO(name_of(incident.kind) << ": " << incident.title);
    }
    CHECK(console.incidents.empty());
  }
}
