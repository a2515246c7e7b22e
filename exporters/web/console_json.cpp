#include "exporters/web/console_json.h"

#include <nlohmann/json.hpp>

#include "collector/core/bytes.h"

namespace lastgasp {
namespace {

using Json = nlohmann::ordered_json;

Json time_json(WallTime at) { return at == WallTime{} ? Json(nullptr) : Json(format_utc(at)); }

Json summary(const ConsoleView& console) {
  Json labels = Json::object();
  for (const auto& [name, value] : console.labels) labels[to_utf8(name)] = to_utf8(value);
  return {{"name", to_utf8(console.name)},
          {"endpoint", to_utf8(console.endpoint)},
          {"transport", to_utf8(console.transport)},
          {"platform", to_utf8(console.platform)},
          {"state", to_utf8(console.state)},
          {"reason", to_utf8(console.reason)},
          {"detail", to_utf8(console.detail)},
          {"condition", name_of(console.condition)},
          {"condition_since", time_json(console.condition_since)},
          {"labels", std::move(labels)},
          {"last_received", time_json(console.last_received)},
          {"received_bytes", console.received_bytes},
          {"received_lines", console.received_lines},
          {"lost_bytes", console.lost_bytes},
          {"boots", console.boots},
          {"open_incidents", console.open_incidents}};
}

}  // namespace

std::string console_json(const ConsoleView& console) { return summary(console).dump(); }

std::string console_detail_json(const ConsoleView& console) {
  const LineErrorCounts& errors = console.line_errors;
  Json json = summary(console);
  json["line_errors"] = {{"framing", errors.framing},
                         {"parity", errors.parity},
                         {"overrun", errors.overrun},
                         {"break", errors.breaks}};
  json["connect_attempts"] = console.connect_attempts;
  json["connect_failures"] = console.connect_failures;
  json["disconnects"] = console.disconnects;
  json["connected_since"] = time_json(console.connected_since);
  json["silence"] =
      console.silence > Micros{0} ? Json(format_duration(console.silence)) : Json(nullptr);
  json["redact"] = console.redact;
  return json.dump();
}

}  // namespace lastgasp
