#include "collector/app/outage_monitor.h"

#include <algorithm>
#include <utility>

namespace lastgasp {
namespace {

std::vector<OutageGroup> groups_of(const ConsoleRunner& runner, const OutageSettings& settings) {
  std::vector<OutageGroup> groups;
  for (const std::string& site : settings.sites)
    for (const auto& [label, value] : runner.config().labels)
      if (label == site && !value.empty()) groups.push_back(site_group(label, value));
  if (!runner.server().empty()) groups.push_back(server_group(runner.server()));
  return groups;
}

}  // namespace

void OutageMonitor::watch(std::vector<std::shared_ptr<ConsoleRunner>> consoles,
                          const OutageSettings& settings) {
  const std::lock_guard lock(mutex_);
  outages_.set_settings(settings);
  std::vector<Watched> watched;
  by_name_.clear();
  group_labels_.clear();
  for (auto& runner : consoles) {
    by_name_[runner->config().name] = runner.get();
    std::vector<OutageGroup> groups = groups_of(*runner, settings);
    const Labels& own = runner->config().labels;
    for (const OutageGroup& group : groups) {
      const auto [common, is_new] = group_labels_.try_emplace(group.name, own);
      if (!is_new)
        std::erase_if(common->second, [&](const auto& label) {
          return std::find(own.begin(), own.end(), label) == own.end();
        });
    }
    watched.push_back({std::move(runner), std::move(groups)});
  }
  // A console that only changed has counters of its own from now on: its silence counts there.
  for (const Incident& incident : outages_.open_incidents()) {
    ConsoleRunner* runner = runner_of(incident);
    const bool same = runner && std::any_of(consoles_.begin(), consoles_.end(), [&](const auto& w) {
                        return w.runner.get() == runner;
                      });
    if (runner && !same) desk_.resume(incident, &runner->metrics());
  }
  consoles_ = std::move(watched);
}

void OutageMonitor::restore(std::vector<Incident> open) {
  const std::lock_guard lock(mutex_);
  for (const Incident& incident : open) {
    ConsoleRunner* runner = runner_of(incident);
    if (runner)
      desk_.resume(incident, &runner->metrics());
    else
      desk_.resume(incident, labels_of(incident));
  }
  outages_.restore(std::move(open));
}

void OutageMonitor::check(Instant now) {
  const std::lock_guard lock(mutex_);
  std::vector<ConsoleActivity> activity;
  activity.reserve(consoles_.size());
  for (const Watched& console : consoles_) {
    activity.push_back(console.runner->activity());
    activity.back().groups = console.groups;
  }
  outages_.check(activity, now, [this](Incident& incident) { changed(incident); });
}

void OutageMonitor::changed(Incident& incident) {
  ConsoleRunner* runner = runner_of(incident);
  const IncidentRow row = runner ? desk_.take(incident, runner->id(), &runner->metrics())
                                 : desk_.take(incident, labels_of(incident));
  writer_.append({}, {&row, 1});
}

// Null for that of a group, and of a console that has left the configuration.
ConsoleRunner* OutageMonitor::runner_of(const Incident& incident) const {
  if (!incident.consoles.empty()) return nullptr;
  const auto found = by_name_.find(incident.console);
  return found == by_name_.end() ? nullptr : found->second;
}

const OutageMonitor::Labels& OutageMonitor::labels_of(const Incident& incident) const {
  static const Labels none;
  const auto found = group_labels_.find(incident.console);
  return incident.consoles.empty() || found == group_labels_.end() ? none : found->second;
}

}  // namespace lastgasp
