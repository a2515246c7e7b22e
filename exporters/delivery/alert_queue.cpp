#include "exporters/delivery/alert_queue.h"

#include <algorithm>

namespace lastgasp {
namespace {

bool same_news(const Alert& one, const Alert& other) {
  return one.resolved == other.resolved && one.labels == other.labels &&
         annotation(one, "summary") == annotation(other, "summary") &&
         annotation(one, "acknowledged_by") == annotation(other, "acknowledged_by");
}

}  // namespace

AlertQueue::AlertQueue(const Channel& channel, ReceiverMetrics& metrics,
                       std::function<void(std::int64_t)> forget)
    : channel_(channel), policy_(channel.policy()), metrics_(metrics), forget_(std::move(forget)) {}

AlertQueue::Key AlertQueue::key_of(const Alert& alert) const {
  std::string labels;
  if (policy_.repeats)
    for (const auto& [name, value] : alert.labels) labels += name + '\0' + value + '\0';
  return {alert.incident, std::move(labels)};
}

void AlertQueue::put(const Alert& alert, Instant now) {
  const Key key = key_of(alert);
  supersede(alert.incident, key, now);
  auto [at, is_new] = entries_.try_emplace(key);
  Entry& entry = at->second;
  const bool news = is_new || policy_.repeats || !same_news(entry.alert, alert);
  entry.alert = alert;
  entry.superseded = false;
  const Micros hold =
      std::clamp(alert.starts + policy_.minimum_hold - now.wall, Micros{0}, policy_.minimum_hold);
  if (is_new || !alert.resolved) entry.hold_until = std::max(entry.hold_until, now.mono + hold);
  if (news) change(entry, now);
  while (entries_.size() > policy_.queue_capacity) {
    ++metrics_.dropped;
    erase(entries_.begin());
  }
}

void AlertQueue::restore(const SpooledState& state, Instant now) {
  put(state.alert, now);
  const auto at = entries_.find(key_of(state.alert));
  if (policy_.repeats || at == entries_.end()) return;
  at->second.accepted = state.accepted;
  if (state.waiting) return;
  set_waiting(at->second, false);
  at->second.due = MonoTime::max();
}

std::optional<SpooledState> AlertQueue::state(std::int64_t incident) const {
  for (auto at = entries_.lower_bound({incident, ""});
       at != entries_.end() && at->first.first == incident; ++at)
    if (const Entry& entry = at->second; !entry.superseded)
      return SpooledState{entry.alert, entry.accepted, entry.waiting};
  return std::nullopt;
}

std::vector<SpooledState> AlertQueue::states() const {
  std::vector<SpooledState> all;
  for (const auto& [key, entry] : entries_)
    if (!entry.superseded) all.push_back({entry.alert, entry.accepted, entry.waiting});
  return all;
}

// The old label set would go on firing for minutes beside the new one.
void AlertQueue::supersede(std::int64_t incident, const Key& except, Instant now) {
  for (auto at = entries_.lower_bound({incident, ""});
       at != entries_.end() && at->first.first == incident;) {
    Entry& entry = at->second;
    if (at->first == except || entry.superseded) {
      ++at;
      continue;
    }
    entry.superseded = true;
    if (!entry.accepted && !entry.sending) {
      at = erase(at);
      continue;
    }
    entry.alert.resolved = true;
    entry.alert.resolved_at = now.wall;
    entry.accepted = true;
    entry.hold_until = now.mono;
    change(entry, now);
    ++at;
  }
}

void AlertQueue::known_elsewhere(const std::vector<std::int64_t>& incidents) {
  for (const std::int64_t incident : incidents)
    for (auto at = entries_.lower_bound({incident, ""});
         at != entries_.end() && at->first.first == incident; ++at)
      at->second.elsewhere = true;
}

std::vector<AlertQueue::Item> AlertQueue::take(Instant now) {
  std::vector<Item> items;
  std::size_t bytes = 0;
  for (const auto at : due_in_order(now)) {
    if (items.size() >= policy_.batch_alerts) break;
    auto& [key, entry] = *at;
    const bool resolution = is_resolution(entry, now);
    if (is_stale(entry, now) || (resolution && fires_beside(key))) {
      erase(at);
      continue;
    }
    Alert alert = entry.alert;
    alert.resolved = resolution;
    std::string body = channel_.body(alert, now.wall + policy_.ends_after);
    if (!items.empty() && bytes + body.size() > kBatchBytes) break;
    bytes += body.size() + 1;
    entry.sending = true;
    items.push_back({key, entry.version, resolution, std::move(alert), std::move(body)});
  }
  return items;
}

// By number of incident, those that failed last.
std::vector<AlertQueue::Entries::iterator> AlertQueue::due_in_order(Instant now) {
  std::vector<Entries::iterator> due;
  for (auto at = entries_.begin(); at != entries_.end(); ++at)
    if (at->second.due <= now.mono) due.push_back(at);
  std::stable_sort(due.begin(), due.end(), [](const auto& one, const auto& other) {
    return one->second.failed < other->second.failed;
  });
  return due;
}

bool AlertQueue::due(Instant now) const {
  return std::any_of(entries_.begin(), entries_.end(),
                     [&](const auto& entry) { return entry.second.due <= now.mono; });
}

Micros AlertQueue::until_due(Instant now) const {
  MonoTime next = now.mono + std::chrono::hours(1);
  for (const auto& entry : entries_) next = std::min(next, entry.second.due);
  return std::max(Micros{0}, next - now.mono);
}

void AlertQueue::accepted(const std::vector<Item>& items, Instant now) {
  metrics_.notifications += items.size();
  for (const Item& item : items) {
    const auto at = entries_.find(item.key);
    if (at == entries_.end()) continue;
    Entry& entry = at->second;
    if (!entry.accepted) {
      // One that reached the receiver late must outlast its group_wait as well.
      entry.hold_until =
          std::max(entry.hold_until, now.mono + std::min(policy_.minimum_hold, policy_.ends_after));
      entry.accepted = true;
    }
    entry.failed = 0;
    if (entry.version != item.version) continue;  // changed meanwhile: it is due again
    if (item.resolution) {
      erase(at);
      continue;
    }
    set_waiting(entry, entry.alert.resolved && !policy_.repeats);
    entry.due = policy_.repeats ? now.mono + policy_.resend : MonoTime::max();
    if (entry.alert.resolved) entry.due = std::min(entry.due, std::max(entry.hold_until, now.mono));
  }
}

void AlertQueue::refused(const Item& item) {
  ++metrics_.dropped;
  const auto at = entries_.find(item.key);
  if (at != entries_.end() && at->second.version == item.version) erase(at);
}

void AlertQueue::failed(const std::vector<Item>& items) {
  ++last_failure_;
  for (const Item& item : items)
    if (const auto at = entries_.find(item.key); at != entries_.end())
      at->second.failed = last_failure_;
}

void AlertQueue::change(Entry& entry, Instant now) {
  entry.version = ++last_version_;
  entry.due = now.mono;
  set_waiting(entry, true);
}

void AlertQueue::set_waiting(Entry& entry, bool waiting) {
  if (entry.waiting == waiting) return;
  entry.waiting = waiting;
  if (waiting)
    ++metrics_.queue_length;
  else
    --metrics_.queue_length;
}

AlertQueue::Entries::iterator AlertQueue::erase(Entries::iterator at) {
  set_waiting(at->second, false);
  if (!at->second.superseded) forget_(at->first.first);
  return entries_.erase(at);
}

// To Alertmanager the same labels are the same alert: it goes on for another incident.
bool AlertQueue::fires_beside(const Key& key) const {
  return policy_.repeats && std::any_of(entries_.begin(), entries_.end(), [&](const auto& other) {
           return other.first.first != key.first && other.first.second == key.second &&
                  !other.second.alert.resolved;
         });
}

bool AlertQueue::is_resolution(const Entry& entry, Instant now) const {
  return entry.alert.resolved && entry.accepted && now.mono >= entry.hold_until;
}

// Over before this receiver ever heard of it, and told by another: no news.
bool AlertQueue::is_stale(const Entry& entry, Instant now) const {
  return entry.alert.resolved && !entry.accepted && entry.elsewhere && now.mono >= entry.hold_until;
}

}  // namespace lastgasp
