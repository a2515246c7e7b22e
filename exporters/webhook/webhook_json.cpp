#include "exporters/webhook/webhook_json.h"

#include <cstdio>
#include <nlohmann/json.hpp>

namespace lastgasp {
namespace {

using HookJson = nlohmann::ordered_json;
using HookPairs = std::vector<std::pair<std::string, std::string>>;

constexpr const char* kNotYet = "0001-01-01T00:00:00Z";  // as Alertmanager writes no time

HookJson object_of(const HookPairs& pairs) {
  HookJson result = HookJson::object();
  for (const auto& [name, value] : pairs) result[name] = value;
  return result;
}

// FNV-1a: numbers of incidents begin anew with an empty store, their times do not.
std::string incident_key(const Alert& alert) {
  std::uint64_t hash = 0xcbf29ce484222325;
  const std::string name =
      std::to_string(alert.incident) + ' ' + std::to_string(unix_micros(alert.starts));
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash));
  return text;
}

}  // namespace

std::string webhook_json(const Alert& alert, const std::string& receiver,
                         const std::string& external_url) {
  const char* const status = alert.resolved ? "resolved" : "firing";
  const HookJson labels = object_of(alert.labels), annotations = object_of(alert.annotations);
  const std::string incident = std::to_string(alert.incident);
  const HookJson one{
      {"status", status},
      {"labels", labels},
      {"annotations", annotations},
      {"startsAt", format_utc(alert.starts)},
      {"endsAt", alert.resolved ? format_utc(std::max(alert.starts, alert.resolved_at)) : kNotYet},
      {"generatorURL", annotation(alert, "incident_url")},
      {"fingerprint", incident_key(alert)}};
  return HookJson{{"version", "4"},
                  {"groupKey", "{}:{incident=\"" + incident + "\"}"},
                  {"truncatedAlerts", 0},
                  {"status", status},
                  {"receiver", receiver},
                  {"groupLabels", {{"incident", incident}}},
                  {"commonLabels", labels},
                  {"commonAnnotations", annotations},
                  {"externalURL", external_url},
                  {"alerts", HookJson::array({one})}}
      .dump(-1, ' ', false, HookJson::error_handler_t::replace);
}

}  // namespace lastgasp
