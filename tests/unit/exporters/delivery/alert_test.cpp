#include "exporters/delivery/alert.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "collector/core/error.h"
#include "tests/unit/exporters/delivery/panic.h"

using namespace lastgasp;

namespace {

std::string value(const std::vector<std::pair<std::string, std::string>>& pairs,
                  const std::string& name) {
  for (const auto& pair : pairs)
    if (pair.first == name) return pair.second;
  return "";
}

bool mentions(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("an incident as an alert") {
  Incident incident = panic();
  incident.boots = 2;
  const Alert alert =
      make_alert(incident, {{"site", "ams"}, {"rack", "7"}}, "https://lg.example/x/");
  CHECK(alert.labels ==
        std::vector<std::pair<std::string, std::string>>{{"alertname", "ConsoleCrash"},
                                                         {"console", "core1.ams"},
                                                         {"kind", "panic"},
                                                         {"severity", "critical"},
                                                         {"rack", "7"},
                                                         {"site", "ams"}});
  CHECK(value(alert.annotations, "summary") == "core1.ams: Fatal trap 12: page fault in ifunit");
  CHECK(value(alert.annotations, "description") ==
        "The console has not recovered yet. Platform: junos. 2 boots since it opened. "
        "The transcript has 1 line before it. Last line: Uptime: 3d");
  CHECK(value(alert.annotations, "excerpt") ==
        "Fatal trap 12: page fault while in kernel mode\ncpuid = 1\nUptime: 3d");
  CHECK(value(alert.annotations, "fingerprint") == "00112233aabbccdd");
  CHECK(value(alert.annotations, "incident_url") == "https://lg.example/x/incidents/42");
  CHECK_FALSE(alert.resolved);
}

TEST_CASE("without an external URL there is no link") {
  const Alert alert = make_alert(panic(), {}, "");
  CHECK(value(alert.annotations, "incident_url").empty());
}

TEST_CASE("a resolved incident says how") {
  Incident incident = panic();
  incident.state = IncidentState::resolved;
  incident.resolved = incident.opened + std::chrono::seconds(74);
  incident.resolution = "recovered: up after 74s";
  const Alert alert = make_alert(incident, {}, "");
  CHECK(alert.resolved);
  CHECK(alert.resolved_at == incident.resolved);
  CHECK(mentions(value(alert.annotations, "description"), "Resolved: recovered: up after 74s."));
}

TEST_CASE("labels do not change while the dump grows, and console labels never replace ours") {
  Incident incident = panic();
  const Alert early = make_alert(incident, {{"site", "a"}}, "");
  incident.dump.push_back("more");
  incident.boots = 3;
  incident.state = IncidentState::resolved;
  CHECK(make_alert(incident, {{"site", "a"}}, "").labels == early.labels);

  const Alert hostile = make_alert(
      incident, {{"severity", "info"}, {"alertname", "x"}, {"a-b", "x"}, {"empty", ""}, {"", "x"}},
      "");
  CHECK(hostile.labels.size() == 4);
  CHECK(value(hostile.labels, "severity") == "critical");
}

TEST_CASE("every kind that opens an incident has a name of its own kind") {
  CHECK(alert_name(Kind::crash) == "ConsoleCrash");
  CHECK(alert_name(Kind::reboot_loop) == "ConsoleRebootLoop");
  CHECK(alert_name(Kind::silence) == "ConsoleSilent");
  for (std::size_t i = 0; i < kKindNames.size(); ++i)
    if (opens_incident(static_cast<Kind>(i)))
      CHECK(alert_name(static_cast<Kind>(i)) != "ConsoleIncident");
}

TEST_CASE("the excerpt is capped in lines and bytes and cut between characters") {
  Incident incident = panic();
  incident.dump.assign(400, "line");
  Alert alert = make_alert(incident, {}, "");
  std::string excerpt = value(alert.annotations, "excerpt");
  CHECK(std::count(excerpt.begin(), excerpt.end(), '\n') + 1 ==
        static_cast<std::ptrdiff_t>(kExcerptLines));
  CHECK(mentions(value(alert.annotations, "description"),
                 "The excerpt is the first 20 of 400 lines."));

  incident.dump.assign(20, "x" + std::string(4096, '\xe9'));
  alert = make_alert(incident, {}, "");
  excerpt = value(alert.annotations, "excerpt");
  CHECK(excerpt.size() <= kExcerptBytes);
  CHECK(excerpt.size() >= kExcerptBytes - 1);
  CHECK_NOTHROW(nlohmann::json(excerpt).dump());  // throws on broken UTF-8
}

TEST_CASE("hostile console text is clean in every part of the alert") {
  const std::string hostile = "\x1b[2J\x07\xff\xc3\x28</script>\"\\\r\n\x00z";
  Incident incident = panic();
  incident.console = hostile;
  incident.title = hostile;
  incident.platform = hostile;
  incident.resolution = hostile;
  incident.dump = {hostile, std::string(100'000, '\x01')};
  incident.consoles.assign(1000, hostile);
  incident.state = IncidentState::resolved;
  const Alert alert = make_alert(incident, {{"site", hostile}}, "https://lg.example");
  std::size_t bytes = 0;
  for (const auto* pairs : {&alert.labels, &alert.annotations})
    for (const auto& [name, text] : *pairs) {
      bytes += text.size();
      CHECK_NOTHROW(nlohmann::json(text).dump());
      CHECK(std::none_of(text.begin(), text.end(),
                         [](unsigned char c) { return (c < 0x20 && c != '\n') || c == 0x7f; }));
    }
  CHECK(bytes < 20'000);
}

TEST_CASE("an alert comes back from the spool as it was; a damaged one is an error") {
  Alert alert = make_alert(panic(), {{"site", "ams"}}, "https://lg.example");
  alert.resolved = true;
  alert.resolved_at = alert.starts + std::chrono::minutes(1);
  const SpooledState kept = spooled_from_json(to_json({alert, true, false}));
  CHECK(kept.accepted);
  CHECK_FALSE(kept.waiting);
  const Alert& back = kept.alert;
  CHECK(back.incident == alert.incident);
  CHECK(back.labels == alert.labels);
  CHECK(back.annotations == alert.annotations);
  CHECK(back.starts == alert.starts);
  CHECK(back.resolved);
  CHECK(back.resolved_at == alert.resolved_at);
  for (const char* damaged : {"", "{", "[]", "{}", "{\"incident\":\"x\"}"})
    CHECK_THROWS_AS(spooled_from_json(damaged), Error);
}
