// One incident as Alertmanager's API v2 wants it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "collector/core/clock.h"
#include "rules/incident/incident.h"

namespace lastgasp {

inline constexpr std::size_t kExcerptLines = 20;
inline constexpr std::size_t kExcerptBytes = 4096;

struct Alert {
  std::int64_t incident = 0;
  // Stable over the life of the incident: alertname, console, kind, severity, and the console's
  // labels from the configuration.
  std::vector<std::pair<std::string, std::string>> labels;
  // summary, description, excerpt, fingerprint, incident_url; clean UTF-8, capped.
  std::vector<std::pair<std::string, std::string>> annotations;
  WallTime starts{};
  bool resolved = false;
  WallTime resolved_at{};
};

// "ConsoleCrash", "ConsoleRebootLoop", ...: the same names as the fallback rules in
// dashboards/prometheus.
std::string alert_name(Kind kind);
Alert make_alert(const Incident& incident,
                 const std::vector<std::pair<std::string, std::string>>& console_labels,
                 const std::string& external_url);

// A JSON array for POST /api/v2/alerts. `ends` is the endsAt of those that fire.
std::string alerts_json(const std::vector<const Alert*>& alerts, WallTime ends);
// For the spool on disk; parse throws Error.
std::string to_json(const Alert& alert);
Alert alert_from_json(std::string_view text);

}  // namespace lastgasp
