#include "rules/engine/suggestion.h"

#include <catch2/catch.hpp>

#include "rules/engine/rule_set.h"

using namespace lastgasp;

namespace {

const Rule& only_rule(const Pack& pack) {
  for (const RefusedRule& refused : pack.refused) FAIL_CHECK(text_of(refused));
  REQUIRE(pack.rules.size() == 1);
  return pack.rules[0];
}

}  // namespace

TEST_CASE("crash words are found as words, in any case") {
  const CrashWords words;
  for (const char* line :
       {"kernel: PANIC in line 3", "Page fault at 0x0", "Unhandled exception", "abort() called",
        "rpd died, signal 11", "Watchdog expired", "filesystem is corrupted", "ASSERTION failed",
        "process bgpd terminated abnormally", "BUG: unable to handle"})
    CHECK(words.in(line));
  for (const char* line :
       {"link is up", "default route learned", "debug is on", "studied the table",
        "login: ", "crashmod: loading", "report a bug", "Command line: oops=panic panic=10"})
    CHECK_FALSE(words.in(line));
}

TEST_CASE("lines that differ in stamps, hosts, numbers and addresses have one shape") {
  const std::string shape = line_shape("[   12.345678] fwd: fault in cpu3 at 0x7f12ab44, slot 7");
  CHECK(shape == "fwd: fault in cpu# at 0x#, slot #");
  for (const char* line : {"[99999.000001][  T412] fwd: fault in cpu12 at 0xdead, slot 11",
                           "Nov  3 04:05:06 edge7 fwd: fault in cpu0 at 0x1,  slot 0",
                           "2026-11-03T04:05:06.123Z fwd: fault in cpu0 at 0x1, slot 0",
                           "000417: *Nov  3 04:05:06.789 UTC: fwd: fault in cpu0 at 0x1, slot 0"}) {
    INFO(line);
    CHECK((line_shape(line) == shape || "fwd: " + line_shape(line) == shape));
  }
  CHECK(line_shape("mac 00:1b:54:aa:0f:3c") == "mac #:#b:#:aa:#f:#c");
  CHECK(line_shape("vlan 4000000000 or 9fe01a7c") == "vlan # or #");
  CHECK(line_shape(std::string(9000, 'x')).size() == kMaxShape);
  CHECK(line_shape("").empty());
}

TEST_CASE("a drafted rule is a good pack that matches its line and those like it") {
  for (const std::string& line : {
           std::string("[   12.345678] fwd: fault in cpu3 at 0x7f12ab44, slot 7"),
           std::string("it's a \"panic\" {in} [brackets] \\ (and) more? 100% *** $x ^y |z"),
           std::string("fatal: caf\xe9 \x01 ended"),
           std::string("panic"),
           std::string("%$!: assert 7"),
           "crash " + std::string(3000, 'y'),
       }) {
    INFO(draft_pack(line));
    const Pack pack = parse_pack(draft_pack(line), "draft.yaml");
    const Rule& rule = only_rule(pack);
    CHECK(test_pack(pack).empty());
    CHECK(RuleSet::compile({&pack, 1})->refused().empty());
    CHECK(Expression(rule.match).matches(line));
  }
  const Pack pack = parse_pack(draft_pack("lcd: watchdog bit 3 on fpc12 at 0x7f12ab44"), "d");
  const Rule& rule = only_rule(pack);
  CHECK(rule.id == "ours.lcd_watchdog_bit_on_fpc_at_x");
  CHECK(rule.kind == Kind::watchdog);
  CHECK(rule.title == "lcd: watchdog bit # on fpc# at 0x#");
  CHECK(Expression(rule.match).matches("lcd: watchdog bit 88 on fpc0 at 0xffff"));
  CHECK_FALSE(Expression(rule.match).matches("lcd: watchdog byte 88 on fpc0 at 0xffff"));
}
