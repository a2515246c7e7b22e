// One incident as receivers are told of it: labels and annotations, after Alertmanager's model.
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
  // alertname, console, kind, severity, and the console's labels from the configuration, in this
  // order. They change only when the incident's kind or severity does.
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

// The value of an annotation; empty when there is none.
std::string_view annotation(const Alert& alert, std::string_view name);
std::string_view label(const Alert& alert, std::string_view name);

// What is kept on disk of an alert until its receiver has accepted its end.
struct SpooledState {
  Alert alert;
  bool accepted = false;  // in any form
  bool waiting = true;    // its present form is not accepted yet
};
std::string to_json(const SpooledState& state);
SpooledState spooled_from_json(std::string_view text);  // throws Error

}  // namespace lastgasp
