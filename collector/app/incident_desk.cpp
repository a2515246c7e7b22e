#include "collector/app/incident_desk.h"

#include "collector/core/bytes.h"
#include "collector/core/log.h"

namespace lastgasp {
namespace {

std::string log_line(const Incident& incident, bool grown) {
  std::string text = "incident " + std::to_string(incident.id) + " on ";
  text += escaped(incident.console) + ": ";
  if (incident.state == IncidentState::resolved)
    return text + "resolved, " + escaped(incident.resolution);
  if (grown) text += "now ";
  text += std::string(name_of(incident.kind)) + " (" + std::string(name_of(incident.severity));
  return text + "): " + escaped(incident.title);
}

const IncidentDesk::Labels& labels_of(const ConsoleMetrics* metrics) {
  static const IncidentDesk::Labels none;
  return metrics ? metrics->labels : none;
}

}  // namespace

IncidentDesk::IncidentDesk(IncidentId last_id, std::string external_url,
                           std::atomic<std::uint64_t>& active,
                           std::function<void(const Alert&)> alert, Acknowledged acknowledged)
    : acknowledged_(std::move(acknowledged)),
      last_id_(last_id),
      external_url_(std::move(external_url)),
      active_(active),
      alert_(std::move(alert)) {}

IncidentRow IncidentDesk::take(Incident& incident, ConsoleId console, ConsoleMetrics* metrics) {
  return take(incident, console, metrics, labels_of(metrics));
}

IncidentRow IncidentDesk::take(Incident& incident, const Labels& labels) {
  return take(incident, 0, nullptr, labels);
}

IncidentRow IncidentDesk::take(Incident& incident, ConsoleId console, ConsoleMetrics* metrics,
                               const Labels& labels) {
  const bool is_new = incident.id == 0;
  if (is_new) incident.id = ++last_id_;
  const Step step = count(incident, is_new, metrics);
  if (step == Step::ended || (step != Step::same && incident.severity == Severity::info)) {
    log_info(log_line(incident, step == Step::grown));
  } else if (step != Step::same) {
    log_warning(log_line(incident, step == Step::grown));
  }
  send(incident, labels);
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
  resume(incident, metrics, labels_of(metrics));
}

void IncidentDesk::resume(const Incident& incident, const Labels& labels) {
  resume(incident, nullptr, labels);
}

void IncidentDesk::resume(const Incident& incident, ConsoleMetrics* metrics, const Labels& labels) {
  {
    const std::lock_guard lock(mutex_);
    if (counted_.emplace(incident.id, Counted{incident.kind, incident.severity}).second)
      active_ += 1;
  }
  if (metrics) {
    const auto slot = incident_slot(incident.kind);
    metrics->incidents_active[slot] += 1;
    metrics->last_incident_us[slot] = unix_micros(incident.opened);
  }
  send(incident, labels);
}

// An incident whose kind grows (a warning that becomes a panic) counts under its new kind too. One
// that comes back after it was resolved is active again, but not counted anew.
IncidentDesk::Step IncidentDesk::count(const Incident& incident, bool is_new,
                                       ConsoleMetrics* metrics) {
  const Counted now{incident.kind, incident.severity};
  const std::lock_guard lock(mutex_);
  const auto [known, began] = counted_.emplace(incident.id, now);
  const Counted before = std::exchange(known->second, now);
  const bool grown = before.kind != now.kind;
  const auto slot = incident_slot(incident.kind);
  if (began) active_ += 1;
  if (metrics && grown) metrics->incidents_active[incident_slot(before.kind)] -= 1;
  if (metrics && (began || grown)) metrics->incidents_active[slot] += 1;
  if (metrics && (is_new || grown)) {
    metrics->incidents[slot] += 1;
    metrics->last_incident_us[slot] = unix_micros(incident.opened);
  }
  if (incident.state != IncidentState::resolved)
    return began ? Step::begun : before == now ? Step::same : Step::grown;
  active_ -= 1;
  if (metrics) metrics->incidents_active[slot] -= 1;
  counted_.erase(known);
  return began && !is_new ? Step::same : Step::ended;
}

void IncidentDesk::send(const Incident& incident, const Labels& labels) {
  Alert alert = make_alert(incident, labels, external_url_);
  const std::lock_guard lock(mutex_);
  const auto by = acknowledged_.find(incident.id);
  if (by != acknowledged_.end()) set_acknowledged(alert, by->second);
  if (alert.resolved) {
    firing_.erase(incident.id);
    acknowledged_.erase(incident.id);
  } else {
    firing_[incident.id] = alert;
  }
  alert_(alert);
}

// Under the lock to the end: an alert that fires must not overtake the end of its incident.
void IncidentDesk::acknowledge(IncidentId incident, const std::string& by) {
  const std::lock_guard lock(mutex_);
  const auto firing = firing_.find(incident);
  if (firing == firing_.end() || !acknowledged_.emplace(incident, by).second) return;
  set_acknowledged(firing->second, by);
  alert_(firing->second);
}

std::vector<Alert> IncidentDesk::firing() const {
  const std::lock_guard lock(mutex_);
  std::vector<Alert> all;
  for (const auto& [id, alert] : firing_) all.push_back(alert);
  return all;
}

}  // namespace lastgasp
