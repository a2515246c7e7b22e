#include "exporters/alertmanager/alert_json.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace lastgasp {
namespace {

using AlertJson = nlohmann::json;

AlertJson object(const std::vector<std::pair<std::string, std::string>>& pairs) {
  AlertJson result = AlertJson::object();
  for (const auto& [name, value] : pairs) result[name] = value;
  return result;
}

// Alertmanager refuses an alert whose generatorURL is no URI; one it might not like is left out.
bool plain_url(std::string_view url) {
  static constexpr std::string_view odd = "\"<>\\^`{|}%";
  const bool web = url.starts_with("http://") || url.starts_with("https://");
  return web && std::all_of(url.begin(), url.end(),
                            [](char c) { return c > 0x20 && c < 0x7f && odd.find(c) == odd.npos; });
}

}  // namespace

std::string alert_json(const Alert& alert, WallTime ends) {
  AlertJson labels = object(alert.labels);
  if (labels.value("alertname", "").empty()) labels["alertname"] = "ConsoleIncident";
  // An endsAt before startsAt is refused; a wall clock that was stepped back could make one.
  const WallTime end = std::max(alert.resolved ? alert.resolved_at : ends, alert.starts);
  AlertJson result{{"labels", std::move(labels)},
                   {"annotations", object(alert.annotations)},
                   {"startsAt", format_utc(alert.starts)},
                   {"endsAt", format_utc(end)}};
  for (const auto& [name, value] : alert.annotations)
    if (name == "incident_url" && plain_url(value)) result["generatorURL"] = value;
  return result.dump(-1, ' ', false, AlertJson::error_handler_t::replace);
}

}  // namespace lastgasp
