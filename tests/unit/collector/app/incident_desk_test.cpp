#include "collector/app/incident_desk.h"

#include <catch2/catch.hpp>
#include <vector>

#include "collector/core/log.h"

namespace lastgasp {
namespace {

struct Desk {
  explicit Desk(IncidentDesk::Acknowledged acknowledged = {})
      : desk(
            41, "http://lg.example", active, [this](const Alert& a) { alerts.push_back(a); },
            std::move(acknowledged)) {}

  std::atomic<std::uint64_t> active{0};
  std::vector<Alert> alerts;
  ConsoleMetrics metrics;
  IncidentDesk desk;
};

Incident incident_of(Kind kind) {
  Incident incident;
  incident.console = "r1";
  incident.kind = kind;
  incident.severity = Severity::critical;
  incident.title = "Kernel panic";
  incident.opened = from_unix_micros(1'000'000);
  return incident;
}

TEST_CASE("an incident gets the next id, once, and its row carries it") {
  Desk d;
  Incident incident = incident_of(Kind::panic);
  CHECK(d.desk.take(incident, 7, &d.metrics).id == 42);
  incident.state = IncidentState::open;
  const IncidentRow row = d.desk.take(incident, 7, &d.metrics);
  CHECK(row.id == 42);
  CHECK(row.console == 7);
  CHECK(incident_from_json(row.body).title == "Kernel panic");
  CHECK(d.active == 1);
  CHECK(d.metrics.incidents[incident_slot(Kind::panic)] == 1);
  CHECK(d.alerts.size() == 2);
}

TEST_CASE("an incident that grows graver counts under its new kind, and once as active") {
  Desk d;
  Incident incident = incident_of(Kind::kernel_warning);
  d.desk.take(incident, 7, &d.metrics);
  incident.kind = Kind::panic;
  d.desk.take(incident, 7, &d.metrics);
  CHECK(d.metrics.incidents_active[incident_slot(Kind::kernel_warning)] == 0);
  CHECK(d.metrics.incidents_active[incident_slot(Kind::panic)] == 1);
  CHECK(d.metrics.incidents[incident_slot(Kind::panic)] == 1);
  CHECK(d.active == 1);
  incident.state = IncidentState::resolved;
  d.desk.take(incident, 7, &d.metrics);
  CHECK(d.metrics.incidents_active[incident_slot(Kind::panic)] == 0);
  CHECK(d.active == 0);
}

TEST_CASE("an incident that is raised is logged and alerted again, one that only goes on is not") {
  Desk d;
  Incident incident = incident_of(Kind::kernel_warning);
  incident.severity = Severity::warning;
  d.desk.take(incident, 7, &d.metrics);
  const auto warnings = [] { return logged_messages(LogLevel::warning); };
  const std::uint64_t before = warnings();
  incident.title = "Kernel warning: told better";
  d.desk.take(incident, 7, &d.metrics);
  CHECK(warnings() == before);
  incident.kind = Kind::panic;
  d.desk.take(incident, 7, &d.metrics);
  CHECK(warnings() == before + 1);
  incident.severity = Severity::critical;
  d.desk.take(incident, 7, &d.metrics);
  CHECK(warnings() == before + 2);
  REQUIRE(d.alerts.size() == 4);
  CHECK(d.alerts[3].incident == d.alerts[0].incident);  // so that the old labels are resolved
  CHECK(d.alerts[3].labels[0].second == "ConsoleCrash");
  CHECK(d.alerts[3].labels[3].second == "critical");
  REQUIRE(d.desk.firing().size() == 1);
  CHECK(d.desk.firing()[0].labels == d.alerts[3].labels);
}

TEST_CASE("the incident of a group carries the labels its consoles share") {
  Desk d;
  Incident incident = incident_of(Kind::silence);
  incident.console = "site fra1";
  incident.consoles = {"r1", "r2", "r3"};
  CHECK(d.desk.take(incident, {{"site", "fra1"}}).console == 0);
  CHECK(d.alerts[0].labels[1].second == "site fra1");
  CHECK(d.alerts[0].labels.back() == std::pair<std::string, std::string>{"site", "fra1"});
  CHECK(d.active == 1);
}

TEST_CASE("an incident that changes after its end, or comes back, is not counted anew") {
  Desk d;
  Incident incident = incident_of(Kind::panic);
  d.desk.take(incident, 7, &d.metrics);
  incident.state = IncidentState::resolved;
  d.desk.take(incident, 7, &d.metrics);
  d.desk.take(incident, 7, &d.metrics);
  CHECK(d.active == 0);
  incident.state = IncidentState::open;
  d.desk.take(incident, 7, &d.metrics);
  CHECK(d.active == 1);
  CHECK(d.desk.firing().size() == 1);
  CHECK(d.metrics.incidents_active[incident_slot(Kind::panic)] == 1);
  CHECK(d.metrics.incidents[incident_slot(Kind::panic)] == 1);
}

TEST_CASE("a resumed incident is active again and alerted, but not counted as new") {
  Desk d;
  Incident incident = incident_of(Kind::hang);
  incident.id = 12;
  incident.state = IncidentState::open;
  d.desk.resume(incident, &d.metrics);
  d.desk.resume(incident, nullptr);  // its console changed and took it over
  CHECK(d.active == 1);
  CHECK(d.metrics.incidents[incident_slot(Kind::hang)] == 0);
  CHECK(d.metrics.incidents_active[incident_slot(Kind::hang)] == 1);
  CHECK(d.metrics.last_incident_us[incident_slot(Kind::hang)] == 1'000'000);
  CHECK(d.alerts.front().incident == 12);
}

TEST_CASE("who looks after an incident is on its alert until its end, and its labels stay") {
  Desk d;
  Incident incident = incident_of(Kind::panic);
  d.desk.take(incident, 7, &d.metrics);
  const auto labels = d.alerts.back().labels;
  d.desk.acknowledge(incident.id, "ann\x1b");
  REQUIRE(d.alerts.size() == 2);
  const std::pair<std::string, std::string> by{"acknowledged_by", "ann\xef\xbf\xbd"};
  CHECK(d.alerts.back().annotations.back() == by);
  CHECK(d.alerts.back().labels == labels);
  d.desk.acknowledge(incident.id, "bob");  // the first stays
  CHECK(d.alerts.size() == 2);
  d.desk.take(incident, 7, &d.metrics);
  CHECK(d.alerts.back().annotations.back() == by);

  incident.state = IncidentState::resolved;
  d.desk.take(incident, 7, &d.metrics);
  CHECK(d.alerts.back().annotations.back() == by);
  const std::size_t sent = d.alerts.size();
  d.desk.acknowledge(incident.id, "carl");  // over: it must not fire again
  CHECK(d.alerts.size() == sent);
}

TEST_CASE("an incident that goes on after a restart is still acknowledged") {
  Desk d({{12, "ann"}});
  Incident incident = incident_of(Kind::panic);
  incident.id = 12;
  d.desk.resume(incident, &d.metrics);
  CHECK(d.alerts.back().annotations.back().second == "ann");
}

}  // namespace
}  // namespace lastgasp
