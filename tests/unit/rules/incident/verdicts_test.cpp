#include <catch2/catch.hpp>

#include "tests/unit/rules/incident/scenario.h"

using namespace lastgasp;
using namespace lastgasp::scenario;
using namespace std::chrono_literals;

TEST_CASE("a hit opens, joins or repeats") {
  Console c;
  c.say({"BUG: kernel NULL pointer dereference", "---[ end trace 0 ]---",
         "Kernel panic - not syncing: Fatal exception", "Rebooting in 1 seconds.."});
  CHECK(c.verdict_on(1) == "opened linux.null");
  CHECK(c.verdict_on(2).empty());
  CHECK(c.verdict_on(3) == "joined linux.panic");
  CHECK(c.verdicts.back().about == "Kernel NULL pointer dereference");
  c.wait(1min);
  c.says("BUG: kernel NULL pointer dereference");
  CHECK(c.verdict_on(5) == "opened linux.null");  // the one before had come to its end
  c.wait(1min);
  c.says("BUG: kernel NULL pointer dereference");
  CHECK(c.verdict_on(6) == "repeated linux.null");  // this one had not
  CHECK(c.verdicts.back().about == c.only().title);
}

TEST_CASE("the same sign again within a dump is repeated") {
  Console c;
  c.say({"I/O error, dev sda", "I/O error, dev sda"});
  CHECK(c.verdict_on(1) == "opened linux.io");
  CHECK(c.verdict_on(2) == "repeated linux.io");
}

TEST_CASE("boots and what explains them") {
  Console c;
  c.say({"%SYS-5-RELOAD: Reload requested", "U-Boot 2023.01 (Jun)", "[ 0.0] Linux version 6.1.0",
         "Reset cause: WDOG", "Reached target Multi-User"});
  c.says("r1 login: ", true);
  CHECK(c.verdict_on(1) == "noted ios.reload");
  CHECK(c.verdict_on(2) == "boot firmware.uboot");
  CHECK(c.verdicts.at(1).about == "operator");
  CHECK(c.verdict_on(3) == "boot linux.boot");
  CHECK(c.verdict_on(4) == "noted firmware.wdog");
  CHECK(c.verdicts.at(3).about == "watchdog");
  CHECK(c.verdict_on(5) == "boot userland.done");
  CHECK(c.verdict_on(6) == "noted userland.login");  // the boot was done before
}

TEST_CASE("what an operator asked for is quoted, with the command") {
  Console c;
  c.says("r1#show logging");
  c.says("Oct  9 rpd[12]: segfault at 0");
  c.says("[ 0.0] Linux version 6.1.0");
  CHECK(c.verdict_on(1) == "noted any.prompt");
  CHECK(c.verdict_on(2) == "quoted linux.segfault");
  CHECK(c.verdict_on(3) == "quoted linux.boot");
  CHECK(c.verdicts.back().about == "show logging");
  c.says("r1#echo rpd[12]: segfault at 0");
  CHECK(c.verdict_on(4) == "noted any.prompt, quoted linux.segfault");
}

TEST_CASE("a crash that was held while text was quoted says so when it counts") {
  Console c;
  c.says("r1#show interfaces");
  oops(c);
  c.says("SeaBIOS (version 1)");
  CHECK(c.verdict_on(2) == "quoted linux.null");
  c.wait(31s);
  CHECK(c.verdict_on(2) == "quoted linux.null, opened linux.null");
  CHECK(c.verdict_on(14) == "quoted firmware.bios, boot firmware.bios");
  CHECK(c.verdicts.back().about == "crash");
}

TEST_CASE("old messages are replayed, and a line told before it ended was seen") {
  Console c;
  c.say({"Buffered messages:", "rpd[12]: segfault at 0"});
  CHECK(c.verdict_on(1) == "replayed ios.buffered");
  CHECK(c.verdict_on(2) == "replayed linux.segfault");
  CHECK(c.verdicts.back().about == "ios.buffered");

  Console d;
  d.says("BUG: kernel NULL pointer", true);
  d.says("BUG: kernel NULL pointer dereference");
  CHECK(d.verdict_on(1) == "opened linux.null, seen linux.null");
}

TEST_CASE("prompts that wait are noted, and a debugger's is the crash's") {
  Console c;
  c.says("rommon 1 > ", true);
  CHECK(c.verdict_on(1) == "noted ios.rommon");
  CHECK(c.verdicts.back().about == "ROMMON prompt");
}

TEST_CASE("every hit of a line gets its verdict") {
  Console c;
  c.says("rpd[12]: segfault at 0, then BUG: kernel NULL pointer");
  CHECK(c.verdict_on(1) == "opened linux.null, opened linux.segfault");
}
