#include "exporters/alertmanager/alert_json.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/unit/exporters/delivery/panic.h"

using namespace lastgasp;
using nlohmann::json;

TEST_CASE("the JSON of Alertmanager's API") {
  const Alert alert = make_alert(panic(), {{"site", "ams"}}, "https://lg.example");
  const WallTime ends = alert.starts + std::chrono::minutes(4);
  const json one = json::parse(alert_json(alert, ends));
  CHECK(one["labels"]["alertname"] == "ConsoleCrash");
  CHECK(one["labels"]["site"] == "ams");
  CHECK(one["annotations"]["summary"] == "core1.ams: Fatal trap 12: page fault in ifunit");
  CHECK(one["startsAt"] == "2026-11-22T16:00:00.123Z");
  CHECK(one["endsAt"] == "2026-11-22T16:04:00.123Z");
  CHECK(one["generatorURL"] == "https://lg.example/incidents/42");
}

TEST_CASE("an end is never before its start, and no alert goes without a name") {
  Alert alert = make_alert(panic(), {}, "javascript:alert(1)");
  alert.resolved = true;
  alert.resolved_at = alert.starts - std::chrono::hours(1);
  alert.labels.erase(alert.labels.begin());
  const json one = json::parse(alert_json(alert, {}));
  CHECK(one["endsAt"] == one["startsAt"]);
  CHECK(one["labels"]["alertname"] == "ConsoleIncident");
  CHECK_FALSE(one.contains("generatorURL"));
}

TEST_CASE("without an external URL there is no link") {
  CHECK_FALSE(json::parse(alert_json(make_alert(panic(), {}, ""), {})).contains("generatorURL"));
}
