#include "exporters/metrics/metrics.h"

#include <prometheus/text_serializer.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <sstream>
#include <utility>

#include "collector/core/console_memory.h"
#include "exporters/metrics/families.h"
#include "exporters/metrics/rule_totals.h"

namespace lastgasp {

struct Metrics::Impl {
  const std::string version, revision;
  std::atomic<std::uint64_t> alerts_active{0};
  BootCounts boots{};
  std::atomic<std::uint64_t> redactions{0};
  std::atomic<PerConsole> detail{PerConsole::full};
  std::atomic<std::uint64_t> rules_loaded{0}, rules_refused{0};
  std::atomic<bool> reload_ok{true};
  std::atomic<std::int64_t> reload_us{0};

  mutable std::mutex mutex;  // guards what follows; held for copies and small sums only
  std::vector<std::shared_ptr<ConsoleMetrics>> consoles;  // by name
  std::vector<std::string> platforms{""};
  std::vector<std::shared_ptr<ReceiverMetrics>> receivers;
  std::map<std::string, std::unique_ptr<HttpMetrics>, std::less<>> handlers;
  RuleTotals rules;
  const StorageStats* storage = nullptr;

  Impl(std::string v, std::string r) : version(std::move(v)), revision(std::move(r)) {}

  void send_globals(const FamilySink& sink) const;
  void send_guarded(WallTime now, const FamilySink& sink) const;
  void send_consoles(const FamilySink& sink) const;
};

namespace {

bool by_name(const std::shared_ptr<ConsoleMetrics>& console, std::string_view name) {
  return console->name < name;
}

void send_gauge(const char* name, const char* help, double value, const FamilySink& sink) {
  auto family = gauge(name, help);
  add(family, value);
  sink(std::move(family));
}

}  // namespace

Metrics::Metrics(std::string version, std::string revision)
    : impl_(std::make_unique<Impl>(label_value(version), label_value(revision))) {}

Metrics::~Metrics() = default;

std::shared_ptr<ConsoleMetrics> Metrics::add_console(
    std::string name, std::string transport,
    std::vector<std::pair<std::string, std::string>> labels) {
  auto console = make_shared_in_console_memory<ConsoleMetrics>();
  console->name = label_value(name);
  console->transport = label_value(transport);
  std::map<std::string, std::string> valid;  // a name twice would spoil the scrape
  for (auto& [label, value] : labels)
    if (label_name_problem(label).empty()) valid.try_emplace(label, label_value(value));
  console->labels.assign(valid.begin(), valid.end());

  const std::lock_guard lock(impl_->mutex);
  auto& all = impl_->consoles;
  const auto at = std::lower_bound(all.begin(), all.end(), console->name, by_name);
  if (at != all.end() && (*at)->name == console->name)
    *at = console;
  else
    all.insert(at, console);
  return console;
}

void Metrics::remove_console(std::string_view name) {
  const std::string clean = label_value(name);
  const std::lock_guard lock(impl_->mutex);
  std::erase_if(impl_->consoles, [&](const auto& console) { return console->name == clean; });
}

std::uint16_t Metrics::platform_index(std::string_view platform) {
  const std::string clean = label_value(platform);
  const std::lock_guard lock(impl_->mutex);
  auto& names = impl_->platforms;
  const auto found = std::find(names.begin(), names.end(), clean);
  const auto index = static_cast<std::uint16_t>(found - names.begin());
  if (found == names.end()) names.push_back(clean);
  return index;
}

std::string Metrics::platform_name(std::uint16_t index) const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->platforms.at(index);
}

std::vector<std::shared_ptr<ConsoleMetrics>> Metrics::consoles() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->consoles;
}

void Metrics::set_per_console(PerConsole detail) { impl_->detail = detail; }

void Metrics::set_rules(std::size_t loaded, std::size_t refused) {
  impl_->rules_loaded = loaded;
  impl_->rules_refused = refused;
}

void Metrics::set_reload(bool ok, WallTime at) {
  impl_->reload_ok = ok;
  if (ok) impl_->reload_us = unix_micros(at);
}

void Metrics::set_match_metrics(std::vector<std::shared_ptr<MatchMetrics>> shards) {
  const std::lock_guard lock(impl_->mutex);
  impl_->rules.replace(std::move(shards));
}

MatchTotals Metrics::match_totals() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->rules.totals();
}

void Metrics::set_storage(const StorageStats* stats) {
  const std::lock_guard lock(impl_->mutex);
  impl_->storage = stats;
}

void Metrics::set_receivers(std::vector<std::shared_ptr<ReceiverMetrics>> receivers) {
  const std::lock_guard lock(impl_->mutex);
  impl_->receivers = std::move(receivers);
}

std::atomic<std::uint64_t>& Metrics::alerts_active() { return impl_->alerts_active; }

BootCounts& Metrics::boots() { return impl_->boots; }

std::atomic<std::uint64_t>& Metrics::redactions() { return impl_->redactions; }

HttpMetrics& Metrics::http(std::string_view handler) {
  const std::lock_guard lock(impl_->mutex);
  auto found = impl_->handlers.find(handler);
  if (found == impl_->handlers.end()) {
    found = impl_->handlers.emplace(handler, std::make_unique<HttpMetrics>()).first;
    found->second->handler = handler;
  }
  return *found->second;
}

void Metrics::Impl::send_globals(const FamilySink& sink) const {
  auto build = gauge("build_info", "Version and revision of the program; always 1.");
  add(build, 1, {{"version", version}, {"revision", revision}});
  sink(std::move(build));
  send_gauge("config_last_reload_successful", "Whether the last reload took the configuration.",
             reload_ok ? 1 : 0, sink);
  send_gauge("config_last_reload_success_timestamp_seconds",
             "When a configuration was last taken; 0 if none was.", seconds(reload_us), sink);
  send_gauge("rules_loaded", "Rules in force.", static_cast<double>(rules_loaded), sink);
  send_gauge("rules_quarantined", "Rules refused because they are broken or cost too much.",
             static_cast<double>(rules_refused), sink);
  send_gauge("alerts_active", "Incidents that are alerted now.", static_cast<double>(alerts_active),
             sink);
}

// Under the lock: whoever takes a source away may destroy it as soon as set_... returns.
void Metrics::Impl::send_guarded(WallTime now, const FamilySink& sink) const {
  const std::lock_guard lock(mutex);
  rules.send(sink);
  if (storage) storage_families(*storage, now, sink);
  receiver_families(receivers, sink);
  std::vector<const HttpMetrics*> http;
  for (const auto& entry : handlers) http.push_back(entry.second.get());
  http_families(http, sink);
}

void Metrics::Impl::send_consoles(const FamilySink& sink) const {
  std::unique_lock lock(mutex);
  const auto current = consoles;
  const auto names = platforms;
  lock.unlock();
  console_families(current, names, detail, sink);
  boot_families(boots, sink);
  auto masked = counter("console_redactions_total", "Secrets masked, on all consoles.");
  add(masked, static_cast<double>(redactions));
  sink(std::move(masked));
}

std::string Metrics::scrape(Instant now) const {
  std::ostringstream out;
  const prometheus::TextSerializer serializer;
  std::vector<prometheus::MetricFamily> one(1);
  const FamilySink sink = [&](prometheus::MetricFamily&& family) {
    one[0] = std::move(family);
    serializer.Serialize(out, one);
  };
  impl_->send_globals(sink);
  impl_->send_consoles(sink);
  impl_->send_guarded(now.wall, sink);
  log_families(sink);
  process_families(sink);
  return std::move(out).str();
}

}  // namespace lastgasp
