#include <algorithm>
#include <nlohmann/json.hpp>

#include "collector/core/error.h"
#include "exporters/alertmanager/alert.h"

namespace lastgasp {
namespace {

using nlohmann::json;
using Pairs = std::vector<std::pair<std::string, std::string>>;

json object(const Pairs& pairs) {
  json result = json::object();
  for (const auto& [name, value] : pairs) result[name] = value;
  return result;
}

std::string text(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

json pair_list(const Pairs& pairs) {
  json result = json::array();
  for (const auto& pair : pairs) result.push_back({pair.first, pair.second});
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
  json labels = object(alert.labels);
  if (labels.value("alertname", "").empty()) labels["alertname"] = "ConsoleIncident";
  // An endsAt before startsAt is refused; a wall clock that was stepped back could make one.
  const WallTime end = std::max(alert.resolved ? alert.resolved_at : ends, alert.starts);
  json result{{"labels", std::move(labels)},
              {"annotations", object(alert.annotations)},
              {"startsAt", format_utc(alert.starts)},
              {"endsAt", format_utc(end)}};
  for (const auto& [name, value] : alert.annotations)
    if (name == "incident_url" && plain_url(value)) result["generatorURL"] = value;
  return text(result);
}

std::string alerts_json(const std::vector<const Alert*>& alerts, WallTime ends) {
  std::string result = "[";
  for (const Alert* alert : alerts) {
    if (result.size() > 1) result += ',';
    result += alert_json(*alert, ends);
  }
  return result + "]";
}

std::string to_json(const Alert& alert) {
  return text({{"incident", alert.incident},
               {"labels", pair_list(alert.labels)},
               {"annotations", pair_list(alert.annotations)},
               {"starts_us", unix_micros(alert.starts)},
               {"resolved", alert.resolved},
               {"resolved_us", unix_micros(alert.resolved_at)}});
}

Alert alert_from_json(std::string_view body) {
  try {
    const json value = json::parse(body);
    Alert alert;
    alert.incident = value.at("incident").get<std::int64_t>();
    alert.labels = value.at("labels").get<Pairs>();
    alert.annotations = value.at("annotations").get<Pairs>();
    alert.starts = from_unix_micros(value.at("starts_us").get<std::int64_t>());
    alert.resolved = value.at("resolved").get<bool>();
    alert.resolved_at = from_unix_micros(value.at("resolved_us").get<std::int64_t>());
    return alert;
  } catch (const json::exception& error) {
    throw Error(std::string("a spooled alert is damaged: ") + error.what());
  }
}

}  // namespace lastgasp
