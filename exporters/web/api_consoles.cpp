#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "collector/core/bytes.h"
#include "exporters/web/api.h"

namespace lastgasp {
namespace {

using Json = nlohmann::ordered_json;

Json console_json(const ConsoleView& console) {
  Json labels = Json::object();
  for (const auto& [name, value] : console.labels) labels[to_utf8(name)] = to_utf8(value);
  const bool heard = console.last_received != WallTime{};
  return {{"name", to_utf8(console.name)},
          {"endpoint", to_utf8(console.endpoint)},
          {"transport", to_utf8(console.transport)},
          {"platform", to_utf8(console.platform)},
          {"state", to_utf8(console.state)},
          {"reason", to_utf8(console.reason)},
          {"detail", to_utf8(console.detail)},
          {"labels", std::move(labels)},
          {"last_received", heard ? Json(format_utc(console.last_received)) : Json(nullptr)},
          {"received_bytes", console.received_bytes},
          {"received_lines", console.received_lines},
          {"lost_bytes", console.lost_bytes},
          {"boots", console.boots},
          {"open_incidents", console.open_incidents}};
}

}  // namespace

Response api_consoles(const Call& call) {
  call.request.only({"console", "label"});
  const auto globs = call.request.all("console");
  const auto labels = call.request.labels();
  Json list = Json::array();
  std::map<std::string, std::size_t> states;
  std::size_t open_incidents = 0;
  for (const auto& console : call.backend.consoles()) {
    const auto wanted = [&](const std::string& glob) { return glob_match(glob, console.name); };
    if (!globs.empty() && std::none_of(globs.begin(), globs.end(), wanted)) continue;
    if (!matches(console.labels, labels)) continue;
    ++states[to_utf8(console.state)];
    open_incidents += console.open_incidents;
    list.push_back(console_json(console));
  }
  const Json answer = {{"consoles", std::move(list)},
                       {"states", states},
                       {"open_incidents", open_incidents},
                       {"now", format_utc(call.now.wall)}};
  return {.type = kJson, .body = answer.dump()};
}

}  // namespace lastgasp
