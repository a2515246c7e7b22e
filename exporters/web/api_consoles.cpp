#include <map>
#include <nlohmann/json.hpp>

#include "collector/core/bytes.h"
#include "exporters/web/api.h"
#include "exporters/web/console_filter.h"
#include "exporters/web/console_json.h"

namespace lastgasp {

using Json = nlohmann::ordered_json;

Response api_consoles(const Call& call) {
  call.request.only({"console", "label"});
  const auto filter = console_filter(call.request);
  std::string list;
  std::map<std::string, std::size_t> states;
  std::size_t open_incidents = 0;
  for (const auto& console : call.backend.consoles()) {
    if (!filter.wants(console)) continue;
    ++states[to_utf8(console.state)];
    open_incidents += console.open_incidents;
    list += (list.empty() ? "" : ",") + console_json(console);
  }
  const Json rest = {
      {"states", states}, {"open_incidents", open_incidents}, {"now", format_utc(call.now.wall)}};
  return {.type = kJson, .body = "{\"consoles\":[" + list + "]," + rest.dump().substr(1)};
}

Response api_console(const Call& call) {
  call.request.only({});
  const std::string& name = call.arguments[0];
  for (const auto& console : call.backend.consoles())
    if (console.name == name) return {.type = kJson, .body = console_detail_json(console)};
  throw HttpError(404, "there is no console called '" + to_utf8(name.substr(0, 200)) +
                           "' in the configuration (see /api/v1/consoles)");
}

}  // namespace lastgasp
