#include "rules/incident/operator_text.h"

#include <catch2/catch.hpp>

#include "tests/unit/rules/incident/scenario.h"

using namespace lastgasp;
using namespace lastgasp::scenario;
using namespace std::chrono_literals;

TEST_CASE("show_log_is_no_crash") {
  for (const char* command : {"Router#show logging", "root@box#dmesg | tail", "r1#more crashinfo",
                              "r1#do sh log", "r1#sudo journalctl -k"}) {
    Console c;
    c.says(command);
    c.say({"[ 0.0] Linux version 6.1.0", "[ 1.0] rpd[12]: segfault at 0"});
    oops(c);
    c.says("Router#", true);
    c.wait(1h);
    CHECK(c.incidents.empty());
    CHECK(c.boots.empty());
  }
}

TEST_CASE("a crash while output is shown is noticed when no prompt comes back") {
  Console c;
  c.says("Router#show interfaces");
  c.says("GigabitEthernet0/0 is up");
  oops(c);
  CHECK(c.incidents.empty());
  c.wait(31s);
  REQUIRE(c.incidents.size() == 1);
  CHECK(c.only().title == "Kernel NULL pointer dereference in fib_table_insert");
  CHECK(c.only().first_line == 3);

  Console d;
  d.says("Router#show interfaces");
  oops(d);
  d.say({"SeaBIOS (version 1)", "text"});
  d.says("r1 login: ", true);
  REQUIRE(d.incidents.size() == 1);
  CHECK(d.only().state == IncidentState::resolved);
  CHECK(d.boots.size() == 2);
}

TEST_CASE("a pager that waits for a key goes on quoting") {
  Console c;
  c.says("Router#show logging");
  c.says(" --More-- ", true);
  c.wait(10min);
  c.says(" --More-- old lines");
  oops(c);
  c.says("Router#", true);
  CHECK(c.incidents.empty());
}

TEST_CASE("a crash the operator caused is detected at once") {
  Console c;
  c.says("#echo c > /proc/sysrq-trigger");
  c.says("[    3.1] Kernel panic - not syncing: sysrq triggered crash");
  CHECK(c.incidents.size() == 1);
}

TEST_CASE("a kernel line behind a prompt is no command") {
  Console c;
  c.says("#[    3.1] Kernel panic - not syncing: Attempted to kill init");
  CHECK(c.incidents.size() == 1);
}

TEST_CASE("commands are known by their own names") {
  CHECK(is_showing_command("/usr/bin/less /var/log/messages"));
  CHECK(is_showing_command("sh run | inc crash"));
  CHECK_FALSE(is_showing_command("shutdown"));
  CHECK_FALSE(is_showing_command(""));
  CHECK(is_reboot_command("reload in 5"));
  CHECK(is_reboot_command("request system reboot"));
  CHECK(is_reboot_command("init 6"));
  CHECK_FALSE(is_reboot_command("init 3"));
  CHECK_FALSE(is_reboot_command("request system snapshot"));
  CHECK(is_quoting_command("echo Kernel panic"));
}

TEST_CASE("a configuration's text is no crash, in whatever mode it is typed") {
  for (const char* command :
       {"r1(config-if)#description uplink, see panic: mutex held",
        "r1(config)#alias exec bug panic: x", "r1(config)#no description panic: x",
        "r1#set system login message \"panic: x\"", "r1(config-acl)#remark panic: x",
        "r1(config)#username panic: x", "r1(config)#snmp-server location panic: x"}) {
    Console c;
    c.says(command);
    c.wait(1min);
    INFO(command);
    CHECK(c.incidents.empty());
  }
  Console c;
  c.says("r1(config)#banner motd ^");
  c.say(
      {"Enter TEXT message.  End with the character '^'.", "panic: do not touch this router", "^"});
  c.says("r1(config)#", true);
  c.wait(10min);
  CHECK(c.incidents.empty());
}

TEST_CASE("commands that show by their words") {
  CHECK(is_showing_command("file show /var/log/messages"));
  CHECK(is_showing_command("diagnose debug crashlog read"));
  CHECK(is_showing_command("admin show logging"));
  CHECK_FALSE(is_showing_command("request system reboot"));
  CHECK_FALSE(is_showing_command("file copy a b"));
  CHECK(is_reboot_command("admin reload"));
  CHECK_FALSE(opens_text("show banner"));
}
