#include "rules/engine/logger_stamp.h"

#include <catch2/catch.hpp>

#include "rules/engine/rule_set.h"

using namespace lastgasp;

TEST_CASE("a logger's stamp is not the system's line") {
  CHECK(without_logger_stamp("2026-11-22 10:11:12 panic: x") == "panic: x");
  CHECK(without_logger_stamp("2026-11-22T10:11:12Z panic: x") == "panic: x");
  CHECK(without_logger_stamp("2026-11-22T10:11:12.123456+01:00 panic: x") == "panic: x");
  CHECK(without_logger_stamp("[2026-11-22 10:11:12.123] panic: x") == "panic: x");
  CHECK(without_logger_stamp("[Sun Nov 22 10:11:12 2026]panic: x") == "panic: x");
  CHECK(without_logger_stamp("[Sun Nov  2 10:11:12 UTC 2026] panic: x") == "panic: x");
  CHECK(without_logger_stamp("[10:11:12.123]  panic: x") == " panic: x");
  CHECK(without_logger_stamp("2026-11-22 10:11:12") == "");
  CHECK(without_logger_stamp("2026-11-22 10:11:12 2026-11-22 10:11:12 twice") ==
        "2026-11-22 10:11:12 twice");
}

TEST_CASE("what a system prints itself stays") {
  for (const char* line :
       {"", "[", "[   12.345678] Linux version", "[10:11] half", "10:11:12 up 3 days", "2026-11-22",
        "[T123] x", "[  OK  ] Started", "*Nov 22 10:11:12.123: %SYS-5-RESTART", "[Sun Nov 22]",
        "2026-11-22 10:11:12, built by x", "[2026-11-22 10:11:12", "1:2:3",
        "Sun Nov 22 10:11:12 2026"}) {
    INFO(line);
    CHECK(without_logger_stamp(line) == line);
  }
}

TEST_CASE("rules match behind a logger's stamp, their captures lie within the line") {
  Pack pack;
  Rule rule;
  rule.id = "t.panic";
  rule.kind = Kind::panic;
  rule.match = "^panic: (?P<what>.+)";
  rule.title = "{what}";
  pack.rules = {rule};
  Matcher matcher(RuleSet::compile({&pack, 1}));
  const std::string line = "[Sun Nov 22 10:11:12 2026] panic: page fault";
  const auto hits = matcher.match(line, "");
  REQUIRE(hits.size() == 1);
  CHECK(hits[0].capture("what") == "page fault");
  CHECK(matcher.match("said: panic: page fault", "").empty());
}
