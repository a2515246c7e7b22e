#include <algorithm>
#include <set>
#include <utility>

#include "exporters/metrics/families.h"

namespace lastgasp {
namespace {

using prometheus::MetricFamily;
using Consoles = std::vector<std::shared_ptr<ConsoleMetrics>>;

template <typename T>
double read(const std::atomic<T>& value) {
  return static_cast<double>(value.load(std::memory_order_relaxed));
}

// One sample for each console: `value(console)`.
template <typename Value>
void each(const Consoles& consoles, MetricFamily family, const FamilySink& sink, Value value) {
  family.metric.reserve(consoles.size());
  for (const auto& console : consoles) add(family, value(*console), {{"console", console->name}});
  if (!family.metric.empty()) sink(std::move(family));
}

// One sample for each console and incident kind; zeros only when `zeros`.
template <typename Value>
void each_kind(const Consoles& consoles, MetricFamily family, bool zeros, const FamilySink& sink,
               Value value) {
  for (const auto& console : consoles)
    for (std::size_t slot = 0; slot < kIncidentSlots; ++slot)
      if (const double v = value(*console, slot); zeros || v != 0)
        add(family, v,
            {{"console", console->name}, {"kind", std::string(name_of(incident_kind(slot)))}});
  if (!family.metric.empty()) sink(std::move(family));
}

void states(const Consoles& consoles, const FamilySink& sink) {
  std::array<std::size_t, kConsoleStateNames.size()> counts{};
  for (const auto& console : consoles)
    ++counts[static_cast<std::size_t>(console->state.load(std::memory_order_relaxed))];
  MetricFamily family = gauge("consoles", "Consoles by the state of their line.");
  for (std::size_t i = 0; i < counts.size(); ++i)
    add(family, static_cast<double>(counts[i]), {{"state", std::string(kConsoleStateNames[i])}});
  sink(std::move(family));
}

void info(const Consoles& consoles, const std::vector<std::string>& platforms,
          const FamilySink& sink) {
  MetricFamily family = gauge("console_info", "Facts about a console and its labels; always 1.");
  family.metric.reserve(consoles.size());
  for (const auto& console : consoles) {
    // An index beyond the copy was made after it.
    const std::size_t index = console->platform.load(std::memory_order_relaxed);
    const std::string platform = index < platforms.size() ? platforms[index] : "";
    Labels labels{{"console", console->name},
                  {"transport", console->transport},
                  {"platform", platform.empty() ? "unknown" : platform}};
    for (const auto& [name, value] : console->labels) labels.push_back({name, value});
    add(family, 1, std::move(labels));
  }
  if (!family.metric.empty()) sink(std::move(family));
}

bool readable(const ConsoleMetrics& console) {
  const ConsoleState state = console.state.load(std::memory_order_relaxed);
  return state == ConsoleState::up || state == ConsoleState::silent;
}

void traffic(const Consoles& consoles, const FamilySink& sink) {
  each(consoles, gauge("console_up", "Whether the line is open and readable."), sink,
       [](const ConsoleMetrics& c) { return readable(c) ? 1.0 : 0.0; });
  each(consoles, counter("console_received_bytes_total", "Bytes read from the line."), sink,
       [](const ConsoleMetrics& c) { return read(c.received_bytes); });
  each(consoles, counter("console_received_lines_total", "Lines read from the line."), sink,
       [](const ConsoleMetrics& c) { return read(c.received_lines); });
  each(consoles, counter("console_lost_bytes_total", "Bytes read from the line and not stored."),
       sink, [](const ConsoleMetrics& c) { return read(c.lost_bytes); });
  each(consoles,
       gauge("console_last_received_timestamp_seconds",
             "When the last byte came from the line; 0 if none did."),
       sink, [](const ConsoleMetrics& c) { return seconds(c.last_received_us.load()); });
}

void line_errors(const Consoles& consoles, bool zeros, const FamilySink& sink) {
  MetricFamily family = counter("console_line_errors_total", "Errors of the serial line by kind.");
  for (const auto& c : consoles) {
    const std::pair<const char*, double> kinds[]{{"framing", read(c->framing_errors)},
                                                 {"parity", read(c->parity_errors)},
                                                 {"overrun", read(c->overrun_errors)},
                                                 {"break", read(c->breaks)}};
    for (const auto& [kind, count] : kinds)
      if (zeros || count != 0) add(family, count, {{"console", c->name}, {"kind", kind}});
  }
  if (!family.metric.empty()) sink(std::move(family));
}

void links(const Consoles& consoles, const FamilySink& sink) {
  each(consoles, counter("console_connect_attempts_total", "Attempts to open the line."), sink,
       [](const ConsoleMetrics& c) { return read(c.connect_attempts); });
  each(consoles,
       counter("console_connect_failures_total", "Attempts to open the line that failed."), sink,
       [](const ConsoleMetrics& c) { return read(c.connect_failures); });
  each(consoles, counter("console_disconnects_total", "Times an open line ended."), sink,
       [](const ConsoleMetrics& c) { return read(c.disconnects); });
}

void boots(const Consoles& consoles, const FamilySink& sink) {
  each(consoles, counter("console_boots_total", "Boots seen on the console."), sink,
       [](const ConsoleMetrics& c) { return read(c.boots); });
  each(consoles,
       gauge("console_last_boot_timestamp_seconds", "When the last boot began; 0 if none did."),
       sink, [](const ConsoleMetrics& c) { return seconds(c.last_boot_us.load()); });
  each(consoles,
       gauge("console_last_boot_duration_seconds",
             "How long the last boot took that was done; 0 if none was."),
       sink, [](const ConsoleMetrics& c) { return seconds(c.last_boot_duration_us.load()); });
}

void incidents(const Consoles& consoles, bool zeros, const FamilySink& sink) {
  each_kind(consoles, counter("console_incidents_total", "Incidents opened, by kind."), zeros, sink,
            [](const ConsoleMetrics& c, std::size_t slot) { return read(c.incidents[slot]); });
  each_kind(
      consoles, gauge("console_incident_active", "Incidents open now, by kind."), zeros, sink,
      [](const ConsoleMetrics& c, std::size_t slot) { return read(c.incidents_active[slot]); });
  each_kind(consoles,
            gauge("console_last_incident_timestamp_seconds",
                  "When the last incident of the kind opened; 0 if none did."),
            zeros, sink, [](const ConsoleMetrics& c, std::size_t slot) {
              return seconds(c.last_incident_us[slot].load(std::memory_order_relaxed));
            });
}

bool label_characters(std::string_view name) {
  const auto letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  return !name.empty() && letter(name[0]) && std::all_of(name.begin(), name.end(), [&](char c) {
    return letter(c) || (c >= '0' && c <= '9');
  });
}

}  // namespace

std::size_t incident_slot(Kind kind) {
  if (kind == Kind::silence) return kSilenceSlot;
  return static_cast<std::size_t>(std::find(kIncidentKinds.begin(), kIncidentKinds.end(), kind) -
                                  kIncidentKinds.begin());
}

Kind incident_kind(std::size_t slot) {
  return slot == kSilenceSlot ? Kind::silence : kIncidentKinds.at(slot);
}

std::string label_name_problem(std::string_view name) {
  static const std::set<std::string_view> taken{"alertname", "console",  "instance", "job",
                                                "kind",      "le",       "platform", "quantile",
                                                "severity",  "transport"};
  if (!label_characters(name))
    return "a label name has letters, digits and '_' and does not begin with a digit";
  if (name.substr(0, 2) == "__") return "label names that begin with \"__\" belong to Prometheus";
  if (taken.count(name)) return "the label is already used by lastgasp or Prometheus itself";
  return {};
}

void console_families(const Consoles& consoles, const std::vector<std::string>& platforms,
                      PerConsole detail, const FamilySink& sink) {
  states(consoles, sink);
  if (detail == PerConsole::off) return;
  const bool zeros = detail == PerConsole::full;
  info(consoles, platforms, sink);
  traffic(consoles, sink);
  line_errors(consoles, zeros, sink);
  links(consoles, sink);
  boots(consoles, sink);
  incidents(consoles, zeros, sink);
}

void boot_families(const BootCounts& counts, const FamilySink& sink) {
  MetricFamily family = counter("boots_total", "Boots on all consoles that are over, by reason.");
  for (std::size_t i = 0; i < counts.size(); ++i)
    add(family, read(counts[i]), {{"reason", std::string(kBootReasonNames[i])}});
  sink(std::move(family));
}

}  // namespace lastgasp
