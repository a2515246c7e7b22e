#include <nlohmann/json.hpp>

#include "collector/core/error.h"
#include "exporters/delivery/alert.h"

namespace lastgasp {
namespace {

using SpoolJson = nlohmann::json;
using SpoolPairs = std::vector<std::pair<std::string, std::string>>;

SpoolJson pair_list(const SpoolPairs& pairs) {
  SpoolJson result = SpoolJson::array();
  for (const auto& pair : pairs) result.push_back({pair.first, pair.second});
  return result;
}

Alert alert_of(const SpoolJson& value) {
  Alert alert;
  alert.incident = value.at("incident").get<std::int64_t>();
  alert.labels = value.at("labels").get<SpoolPairs>();
  alert.annotations = value.at("annotations").get<SpoolPairs>();
  alert.starts = from_unix_micros(value.at("starts_us").get<std::int64_t>());
  alert.resolved = value.at("resolved").get<bool>();
  alert.resolved_at = from_unix_micros(value.at("resolved_us").get<std::int64_t>());
  return alert;
}

}  // namespace

std::string to_json(const SpooledState& state) {
  const Alert& alert = state.alert;
  return SpoolJson{{"incident", alert.incident},
                   {"labels", pair_list(alert.labels)},
                   {"annotations", pair_list(alert.annotations)},
                   {"starts_us", unix_micros(alert.starts)},
                   {"resolved", alert.resolved},
                   {"resolved_us", unix_micros(alert.resolved_at)},
                   {"accepted", state.accepted},
                   {"waiting", state.waiting}}
      .dump(-1, ' ', false, SpoolJson::error_handler_t::replace);
}

SpooledState spooled_from_json(std::string_view body) {
  try {
    const SpoolJson value = SpoolJson::parse(body);
    return {alert_of(value), value.value("accepted", false), value.value("waiting", true)};
  } catch (const SpoolJson::exception& error) {
    throw Error(std::string("a spooled alert is damaged: ") + error.what());
  }
}

}  // namespace lastgasp
