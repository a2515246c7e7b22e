#include "exporters/delivery/alert.h"

#include <algorithm>
#include <map>

#include "collector/core/bytes.h"
#include "exporters/metrics/console_metrics.h"

namespace lastgasp {
namespace {

constexpr std::size_t kLineBytes = 300;  // of a line or title that is quoted in a sentence

// Cuts at `bytes` or a little before it, never within a UTF-8 sequence.
void cut(std::string& text, std::size_t bytes) {
  if (text.size() <= bytes) return;
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xc0) == 0x80) --bytes;
  text.resize(bytes);
}

std::string clean(std::string_view text, std::size_t bytes = kLineBytes) {
  std::string result = to_utf8(text.substr(0, bytes));
  std::replace(result.begin(), result.end(), '\t', ' ');
  cut(result, bytes);
  return result;
}

std::string excerpt(const Incident& incident) {
  std::string text;
  const std::size_t lines = std::min(incident.dump.size(), kExcerptLines);
  for (std::size_t i = 0; i < lines && text.size() < kExcerptBytes; ++i) {
    if (i > 0) text += '\n';
    append_utf8(text, std::string_view(incident.dump[i]).substr(0, kExcerptBytes));
  }
  cut(text, kExcerptBytes);
  return text;
}

std::string last_line(const Incident& incident) {
  for (const auto* lines : {&incident.dump, &incident.context})
    for (auto line = lines->rbegin(); line != lines->rend(); ++line)
      if (line->find_first_not_of(" \t") != std::string::npos) return clean(*line);
  return {};
}

std::string consoles_text(const std::vector<std::string>& consoles) {
  constexpr std::size_t kNamed = 20;
  std::string text;
  for (std::size_t i = 0; i < std::min(consoles.size(), kNamed); ++i)
    text += (i ? ", " : "") + clean(consoles[i]);
  if (consoles.size() > kNamed)
    text += " and " + std::to_string(consoles.size() - kNamed) + " more";
  return text;
}

std::string state_text(const Incident& incident) {
  switch (incident.state) {
    case IncidentState::capturing:
      return "The dump is still being printed.";
    case IncidentState::open:
      return "The console has not recovered yet.";
    case IncidentState::resolved:
      break;
  }
  return incident.resolution.empty() ? "Resolved."
                                     : "Resolved: " + clean(incident.resolution) + ".";
}

std::string counted(std::size_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

std::string description(const Incident& incident) {
  std::string text = state_text(incident);
  const auto say = [&](const std::string& sentence) { text += " " + sentence + "."; };
  if (!incident.platform.empty()) say("Platform: " + clean(incident.platform));
  if (!incident.consoles.empty())
    say(counted(incident.consoles.size(), "console") + ": " + consoles_text(incident.consoles));
  if (incident.boots > 0) say(counted(incident.boots, "boot") + " since it opened");
  if (incident.repeats > 0) say("It came again " + counted(incident.repeats, "time"));
  if (incident.dump.size() > kExcerptLines)
    say("The excerpt is the first " + std::to_string(kExcerptLines) + " of " +
        counted(incident.dump.size(), "line"));
  if (incident.unrecognised) say("No rule knows it: it has the shape of a crash");
  if (incident.truncated) say("The dump broke off before its end");
  if (!incident.context.empty())
    say("The transcript has " + counted(incident.context.size(), "line") + " before it");
  if (const std::string line = last_line(incident); !line.empty()) text += " Last line: " + line;
  return text;
}

std::string incident_url(const std::string& external_url, std::int64_t id) {
  std::string url = external_url;
  while (!url.empty() && url.back() == '/') url.pop_back();
  return url + "/incidents/" + std::to_string(id);
}

std::string_view value_of(const std::vector<std::pair<std::string, std::string>>& pairs,
                          std::string_view name) {
  for (const auto& [key, value] : pairs)
    if (key == name) return value;
  return {};
}

}  // namespace

std::string alert_name(Kind kind) {
  switch (kind) {
    case Kind::panic:
    case Kind::crash:
      return "ConsoleCrash";
    case Kind::hang:
      return "ConsoleHang";
    case Kind::oom:
      return "ConsoleOutOfMemory";
    case Kind::process_crash:
      return "ConsoleProcessCrash";
    case Kind::hardware:
      return "ConsoleHardwareFault";
    case Kind::watchdog:
      return "ConsoleWatchdog";
    case Kind::kernel_warning:
      return "ConsoleKernelWarning";
    case Kind::storage:
      return "ConsoleStorageFault";
    case Kind::environment:
      return "ConsoleEnvironment";
    case Kind::stuck:
      return "ConsoleStuck";
    case Kind::reboot_loop:
      return "ConsoleRebootLoop";
    case Kind::unexpected_reboot:
      return "ConsoleUnexpectedReboot";
    case Kind::silence:
      return "ConsoleSilent";
    default:
      return "ConsoleIncident";
  }
}

Alert make_alert(const Incident& incident,
                 const std::vector<std::pair<std::string, std::string>>& console_labels,
                 const std::string& external_url) {
  Alert alert;
  alert.incident = incident.id;
  alert.labels = {{"alertname", alert_name(incident.kind)},
                  {"console", clean(incident.console)},
                  {"kind", std::string(name_of(incident.kind))},
                  {"severity", std::string(name_of(incident.severity))}};
  std::map<std::string, std::string> valid;  // sorted: the same labels are the same text
  for (const auto& [name, value] : console_labels)
    if (label_name_problem(name).empty() && !value.empty()) valid.try_emplace(name, clean(value));
  alert.labels.insert(alert.labels.end(), valid.begin(), valid.end());

  const std::string title =
      incident.title.empty() ? std::string(name_of(incident.kind)) : incident.title;
  alert.annotations = {{"summary", clean(incident.console) + ": " + clean(title)},
                       {"description", description(incident)}};
  const auto annotate = [&](const char* name, std::string value) {
    if (!value.empty()) alert.annotations.emplace_back(name, std::move(value));
  };
  annotate("excerpt", excerpt(incident));
  annotate("fingerprint", clean(incident.fingerprint));
  if (!external_url.empty())
    annotate("incident_url", clean(incident_url(external_url, incident.id), 2048));

  alert.starts = incident.opened;
  alert.resolved = incident.state == IncidentState::resolved;
  if (alert.resolved) alert.resolved_at = std::max(incident.resolved, incident.opened);
  return alert;
}

std::string_view annotation(const Alert& alert, std::string_view name) {
  return value_of(alert.annotations, name);
}

std::string_view label(const Alert& alert, std::string_view name) {
  return value_of(alert.labels, name);
}

void set_acknowledged(Alert& alert, const std::string& by) {
  alert.annotations.emplace_back("acknowledged_by", clean(by));
}

}  // namespace lastgasp
