#include <catch2/catch.hpp>

#include "collector/core/error.h"
#include "rules/incident/incident.h"

using namespace lastgasp;

namespace {

Incident sample() {
  Incident i;
  i.id = 7;
  i.console = "ts1-2001";
  i.kind = Kind::panic;
  i.severity = Severity::critical;
  i.rule = "linux.panic";
  i.platform = "linux";
  i.title = "Kernel panic: \xff\x1b[2J bad \"quoted\"";
  i.fingerprint = "0123456789abcdef";
  i.state = IncidentState::open;
  i.opened = from_unix_micros(1'800'000'000'123'000);
  i.updated = from_unix_micros(1'800'000'001'000'000);
  i.first_line = 12;
  i.last_line = 99;
  i.context = {"before"};
  i.dump = {"line\x01", "\xc3\xa9"};
  i.functions = {"f", "g"};
  i.findings = {{"linux.panic", Kind::panic, "Kernel panic", 12, i.opened}};
  i.truncated = true;
  i.boots = 3;
  i.repeats = 10;
  return i;
}

}  // namespace

TEST_CASE("incident json round trip") {
  const std::string text = to_json(sample());
  const Incident back = incident_from_json(text);
  CHECK(to_json(back) == text);
  CHECK(back.kind == Kind::panic);
  CHECK(back.opened == sample().opened);
  CHECK(back.resolved == WallTime{});
  CHECK(back.findings.at(0).line == 12);
  CHECK(back.last_line == 99);
}

TEST_CASE("incident json is one line of plain facts without control characters") {
  const std::string text = to_json(sample());
  CHECK(text.find("\"kind\":\"panic\"") != text.npos);
  CHECK(text.find("\"first_line\":12") != text.npos);
  CHECK(text.find("\"opened\":\"2027-01-15T08:00:00.123Z\"") != text.npos);
  CHECK(text.find("\"resolved\":null") != text.npos);
  CHECK(text.find('\x1b') == text.npos);
  CHECK(text.find('\n') == text.npos);
}

TEST_CASE("what is no incident is refused") {
  CHECK_THROWS_AS(incident_from_json("{}"), Error);
  CHECK_THROWS_AS(incident_from_json("not json"), Error);
  std::string odd = to_json(sample());
  odd.replace(odd.find("\"panic\""), 7, "\"pancake\"");
  CHECK_THROWS_AS(incident_from_json(odd), Error);
}
