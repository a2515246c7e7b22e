#include "collector/core/clock.h"

#include <catch2/catch.hpp>

namespace lastgasp {
namespace {

using namespace std::chrono_literals;

WallTime utc(const char* text) { return parse_time(text, WallTime{}).value(); }

TEST_CASE("durations need a unit") {
  CHECK(parse_duration("250ms") == Micros(250ms));
  CHECK(parse_duration("2 hours") == Micros(2h));
  CHECK(parse_duration("30d") == Micros(720h));
  CHECK_FALSE(parse_duration("30"));
  CHECK_FALSE(parse_duration("-5s"));
  CHECK_FALSE(parse_duration("9999999999999999w"));
  CHECK_FALSE(parse_duration("s"));
}

TEST_CASE("times as people write them") {
  const WallTime now = utc("2026-11-22T14:03:05.250Z");
  CHECK(format_utc(now) == "2026-11-22T14:03:05.250Z");
  CHECK(parse_time("2026-11-22 15:03:05.25+01:00", now) == now);
  CHECK(parse_time("2 hours ago", now) == now - 2h);
  CHECK(parse_time("90m", now) == now - 90min);
  CHECK(format_utc(*parse_time("yesterday", now)) == "2026-11-21T00:00:00.000Z");
  CHECK(format_utc(*parse_time("1795356185250", now)) == "2026-11-22T14:03:05.250Z");
  CHECK(format_utc(*parse_time("2026-11-22", now)) == "2026-11-22T00:00:00.000Z");
  CHECK(format_utc_day(now) == "20261122");
  for (const char* bad :
       {"", "soon", "2026-13-01", "2026-11-31", "2026-11-22T25:00", "12", "2026-11-22T14:03:05+"})
    CHECK_FALSE(parse_time(bad, now));
}

TEST_CASE("durations are shown with at most two units") {
  CHECK(format_duration(20ms) == "20ms");
  CHECK(format_duration(74s) == "1m14s");
  CHECK(format_duration(26h) == "1d02h");
}

}  // namespace
}  // namespace lastgasp
