#include "collector/app/incident_desk.h"

#include "collector/core/bytes.h"
#include "collector/core/log.h"

namespace lastgasp {
namespace {

std::string log_line(const Incident& incident) {
  std::string text = "incident " + std::to_string(incident.id) + " on ";
  text += escaped(incident.console) + ": ";
  if (incident.state == IncidentState::resolved)
    return text + "resolved, " + escaped(incident.resolution);
  text += std::string(name_of(incident.kind)) + " (" + std::string(name_of(incident.severity));
  return text + "): " + escaped(incident.title);
}

void log_incident(const Incident& incident, bool is_new) {
  const bool ended = incident.state == IncidentState::resolved;
  if (ended || (is_new && incident.severity == Severity::info)) {
    log_info(log_line(incident));
  } else if (is_new) {
    log_warning(log_line(incident));
  }
}

}  // namespace

IncidentDesk::IncidentDesk(IncidentId last_id, std::string external_url,
                           std::atomic<std::uint64_t>& active,
                           std::function<void(const Alert&)> alert)
    : last_id_(last_id),
      external_url_(std::move(external_url)),
      active_(active),
      alert_(std::move(alert)) {}

IncidentRow IncidentDesk::take(Incident& incident, ConsoleId console, ConsoleMetrics* metrics) {
  const bool is_new = incident.id == 0;
  if (is_new) incident.id = ++last_id_;
  log_incident(incident, is_new);
  count(incident, is_new, metrics);
  send(incident, metrics);
  return {incident.id,
          console,
          std::string(name_of(incident.kind)),
          std::string(name_of(incident.severity)),
          incident.fingerprint,
          incident.title,
          incident.opened,
          incident.updated,
          incident.resolved,
          to_json(incident)};
}

void IncidentDesk::resume(const Incident& incident, ConsoleMetrics* metrics) {
  {
    const std::lock_guard lock(mutex_);
    if (counted_.emplace(incident.id, incident.kind).second) active_ += 1;
  }
  if (metrics) {
    const auto slot = incident_slot(incident.kind);
    metrics->incidents_active[slot] += 1;
    metrics->last_incident_us[slot] = unix_micros(incident.opened);
  }
  send(incident, metrics);
}

// An incident whose kind grows (a warning that becomes a panic) counts under its new kind too. One
// that comes back after it was resolved is active again, but not counted anew.
void IncidentDesk::count(const Incident& incident, bool is_new, ConsoleMetrics* metrics) {
  const std::lock_guard lock(mutex_);
  const auto [known, began] = counted_.emplace(incident.id, incident.kind);
  const bool grown = !began && known->second != incident.kind;
  const auto slot = incident_slot(incident.kind);
  if (began) active_ += 1;
  if (metrics && grown) metrics->incidents_active[incident_slot(known->second)] -= 1;
  if (metrics && (began || grown)) metrics->incidents_active[slot] += 1;
  if (metrics && (is_new || grown)) {
    metrics->incidents[slot] += 1;
    metrics->last_incident_us[slot] = unix_micros(incident.opened);
  }
  known->second = incident.kind;
  if (incident.state != IncidentState::resolved) return;
  active_ -= 1;
  if (metrics) metrics->incidents_active[slot] -= 1;
  counted_.erase(known);
}

void IncidentDesk::send(const Incident& incident, const ConsoleMetrics* metrics) {
  const Alert alert = make_alert(incident, metrics ? metrics->labels : Labels{}, external_url_);
  {
    const std::lock_guard lock(mutex_);
    if (alert.resolved) {
      firing_.erase(incident.id);
    } else {
      firing_[incident.id] = alert;
    }
  }
  alert_(alert);
}

std::vector<Alert> IncidentDesk::firing() const {
  const std::lock_guard lock(mutex_);
  std::vector<Alert> all;
  for (const auto& [id, alert] : firing_) all.push_back(alert);
  return all;
}

}  // namespace lastgasp
