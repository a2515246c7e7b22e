// One incident as Alertmanager's API v2 wants it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "collector/core/clock.h"
#include "rules/incident/incident.h"

namespace lastgasp {

inline constexpr std::size_t kExcerptLines = 20;
inline constexpr std::size_t kExcerptBytes = 4096;

struct Alert {
  std::int64_t incident = 0;
  // What the alert is to Alertmanager: alertname, console, kind, severity, and the console's labels
  // from the configuration, in this order. They change only when the incident's kind or severity
  // does; the client then resolves the old set.
  std::vector<std::pair<std::string, std::string>> labels;
  // summary, description, excerpt, fingerprint, acknowledged_by, incident_url; clean UTF-8, capped.
  std::vector<std::pair<std::string, std::string>> annotations;
  WallTime starts{};
  bool resolved = false;
  WallTime resolved_at{};
};

// "ConsoleCrash", "ConsoleRebootLoop", ...: the same names as the fallback rules in
// dashboards/prometheus.
std::string alert_name(Kind kind);
// Console labels that label_name_problem (exporters/metrics) refuses are left out. Without an
// `external_url` ("https://console.example.net/lastgasp") there is no incident_url.
Alert make_alert(const Incident& incident,
                 const std::vector<std::pair<std::string, std::string>>& console_labels,
                 const std::string& external_url);

// Says who looks after it.
void set_acknowledged(Alert& alert, const std::string& by);

// One alert as POST /api/v2/alerts wants it; `ends` is the endsAt when it fires. An alert without
// alertname, which Alertmanager would take, gets one.
std::string alert_json(const Alert& alert, WallTime ends);
// A JSON array of them.
std::string alerts_json(const std::vector<const Alert*>& alerts, WallTime ends);
// For the spool on disk; parse throws Error.
std::string to_json(const Alert& alert);
Alert alert_from_json(std::string_view text);

}  // namespace lastgasp
