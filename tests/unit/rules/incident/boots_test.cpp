#include <catch2/catch.hpp>

#include "tests/unit/rules/incident/scenario.h"

using namespace lastgasp;
using namespace lastgasp::scenario;
using namespace std::chrono_literals;

TEST_CASE("the first boot ever seen is no incident") {
  Console c;
  c.say({"SeaBIOS (version 1.16)", "Welcome to GRUB!", "[ 0.0] Linux version 6.1.0"});
  c.says("r1 login: ", true);
  CHECK(c.incidents.empty());
  REQUIRE(c.boots.size() == 2);  // began, done
  CHECK(c.boots[0].reason == BootReason::unknown);
  CHECK(c.boots[1].done > c.boots[1].began);
}

TEST_CASE("panic_loop_is_some_panics_and_one_loop") {
  for (const bool reaches_login : {false, true}) {
    Console c;
    for (int round = 0; round < 10; ++round) {
      c.say({"SeaBIOS (version 1.16)", "Welcome to GRUB!", "[ 0.0] Linux version 6.1.0",
             "[ 1.0] text"});
      if (reaches_login) {
        c.says("r1 login: ", true);
        c.wait(2s);
      }
      panic_and_reset(c);
    }
    c.says("SeaBIOS (version 1.16)");
    CHECK(c.count(Kind::panic) == 8);  // two more are counted with the last
    REQUIRE(c.count(Kind::reboot_loop) == 1);
    CHECK(c.incidents.size() == 9);
    const Incident& loop = c.first(Kind::reboot_loop);
    CHECK(loop.severity == Severity::critical);
    CHECK(loop.title.find("Reboot loop: 3 boots in ") == 0);
    CHECK(loop.title.find(", after Kernel panic: sysrq triggered crash in sysrq_handle_crash") !=
          std::string::npos);
    CHECK(loop.boots == 11);
    c.says("r1 login: ", true);
    c.wait(31min);
    for (const auto& [id, incident] : c.incidents) {
      CHECK(incident.state == IncidentState::resolved);
    }
  }
}

TEST_CASE("uboot_reset_loop") {
  Console c;
  for (int round = 0; round < 5; ++round) {
    c.say({"U-Boot 2023.01 (Jun 22 2026)", "DRAM: 256 MiB", "resetting ..."});
    c.wait(1s);
  }
  CHECK(c.boots.size() == 5);
  REQUIRE(c.incidents.size() == 1);
  CHECK(c.only().kind == Kind::reboot_loop);
}

TEST_CASE("operator_reload_is_no_incident") {
  Console c;
  c.say(
      {"r1 login: ", "%SYS-5-RELOAD: Reload requested by console", "U-Boot 2023.01 (Jun 22 2026)"});
  c.says("r1 login: ", true);
  CHECK(c.incidents.empty());
  CHECK(c.boots.at(0).reason == BootReason::operator_);

  Console typed;
  typed.says("r1#reload");
  typed.wait(20s);
  typed.says("U-Boot 2023.01 (Jun 22 2026)");
  typed.wait(5min);
  CHECK(typed.incidents.empty());
  CHECK(typed.boots.at(0).reason == BootReason::operator_);
}

TEST_CASE("unexplained_reboot_after_quiet_login") {
  Console c;
  c.says("r1 login: ", true);
  c.wait(3h);
  c.say({"SeaBIOS (version 1.16)", "[ 0.0] Linux version 6.1.0"});
  CHECK(c.incidents.empty());  // a reset reason may yet explain it
  c.wait(61s);
  REQUIRE(c.incidents.size() == 1);
  CHECK(c.only().kind == Kind::unexpected_reboot);
  CHECK(c.only().title == "Unexpected reboot");
  CHECK(c.only().severity == Severity::warning);
  CHECK(c.boots.at(0).reason == BootReason::unexplained);
  c.says("r1 login: ", true);
  CHECK(c.only().state == IncidentState::resolved);
}

TEST_CASE("a reset reason within the boot explains it") {
  Console c;
  c.say({"r1 login: ", "U-Boot 2023.01 (Jun)", "Reset cause: WDOG"});
  REQUIRE(c.incidents.size() == 1);
  CHECK(c.only().title == "Unexpected reboot (watchdog)");
  CHECK(c.boots.back().reason == BootReason::watchdog);

  Console d;
  d.say({"r1 login: ", "U-Boot 2023.01 (Jun)", "Last reset: reload"});
  d.wait(5min);
  CHECK(d.incidents.empty());
  CHECK(d.boots.back().reason == BootReason::operator_);
}

TEST_CASE("login_after_boot_resolves") {
  Console c;
  panic_and_reset(c);
  c.says("r1 login: ");  // torn text before any boot proves nothing
  CHECK(c.only().state == IncidentState::open);
  c.says("SeaBIOS (version 1.16)");
  CHECK(c.only().boots == 1);
  c.wait(69s);
  c.says("r1 login: ", true);
  CHECK(c.only().state == IncidentState::resolved);
  CHECK(c.only().resolution.find("recovered: up after 1m14s") == 0);
  CHECK(c.boots.at(0).reason == BootReason::crash);
  CHECK(c.tracker.open_incidents().empty());
}

TEST_CASE("a system that lives on after an oops has recovered after a while") {
  Console c;
  oops(c);
  c.wait(14min);
  c.says("ordinary line");
  CHECK(c.only().state == IncidentState::open);
  c.wait(2min);
  CHECK(c.only().state == IncidentState::open);  // silence proves nothing
  c.says("ordinary line");
  CHECK(c.only().state == IncidentState::resolved);
}

TEST_CASE("stuck_at_rommon") {
  Console c;
  c.says("rommon 1 > ", true);
  c.wait(59s);
  CHECK(c.incidents.empty());
  c.wait(2s);
  REQUIRE(c.incidents.size() == 1);
  CHECK(c.only().kind == Kind::stuck);
  CHECK(c.only().title == "Stuck: ROMMON prompt");
  c.wait(2h);
  CHECK(c.only().state == IncidentState::open);
  c.says("rommon 1 > boot");
  c.says("U-Boot 2023.01 (Jun)");
  CHECK(c.only().state == IncidentState::resolved);
}

TEST_CASE("an operator at the boot loader is not stuck, and a boot that goes on neither") {
  Console c;
  c.says("rommon 1 > ", true);
  c.wait(30s);
  c.says("rommon 1 > dir flash:");
  c.says("rommon 2 > ", true);
  c.wait(5min);
  CHECK(c.incidents.empty());

  Console d;
  d.says("rommon 1 > ", true);
  d.says("rommon 1 > ");
  d.says("Loading the image");
  d.wait(10min);
  CHECK(d.incidents.empty());
}

TEST_CASE("firmware, boot loader and kernel are one boot, which takes as long as it takes") {
  Console c;
  c.says("r1 login: ", true);
  c.wait(1h);
  c.says("SeaBIOS (version 1.16)");
  c.wait(10s);
  c.says("Welcome to GRUB!");
  c.wait(5s);
  c.says("[ 0.0] Linux version 6.1.0");
  c.wait(45s);
  c.says("r1 login: ", true);
  REQUIRE(c.boots.size() == 2);
  CHECK(c.boots[1].began == c.boots[0].began);
  CHECK(c.boots[1].done - c.boots[1].began >= 60s);
  CHECK(c.boots[1].done - c.boots[1].began < 62s);
  CHECK(c.count(Kind::unexpected_reboot) == 1);
}

TEST_CASE("a reset reason before the banner explains the boot") {
  Console c;
  c.says("r1 login: ", true);
  c.wait(1h);
  c.say({"Reset cause: WDOG", "U-Boot 2023.01 (Jun)"});
  REQUIRE(c.incidents.size() == 1);
  CHECK(c.only().title == "Unexpected reboot (watchdog)");
  CHECK(c.boots.at(0).reason == BootReason::watchdog);
}

TEST_CASE("a watchdog that said so before it bit is the reason of the boot, and one incident") {
  Console c;
  c.says("[ 9.0] softdog: Initiating system reboot");
  c.wait(3s);
  c.says("SeaBIOS (version 1.16)");
  c.wait(2min);
  c.says("r1 login: ", true);
  REQUIRE(c.incidents.size() == 1);
  CHECK(c.only().title == "Watchdog fired");
  CHECK(c.boots.at(0).reason == BootReason::watchdog);
  CHECK(c.boots.at(0).evidence == "Watchdog fired");
}
