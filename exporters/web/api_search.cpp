#include <nlohmann/json.hpp>

#include "exporters/web/api.h"
#include "exporters/web/line_list.h"
#include "exporters/web/stored.h"

namespace lastgasp {
namespace {

using Json = nlohmann::ordered_json;

Json reached_json(WallTime reached) {
  return reached == WallTime{} || reached == WallTime::max() ? Json(nullptr)
                                                             : Json(format_utc(reached));
}

}  // namespace

Response api_search(const Call& call) {
  call.request.only({"q", "regex", "ignore_case", "console", "label", "since", "until", "order",
                     "limit", "before", "after", "context", "cursor"});
  const auto query = search_query(call.request, call.now.wall, 100);
  auto store = open_store(call.backend);
  LineList lines;
  const auto end = run_search(store, query, [&](const FoundLine& line) { return lines.add(line); });
  const Json rest = {{"hits", lines.hits()},
                     {"complete", end.complete},
                     {"reached", reached_json(end.reached)},
                     {"cursor", end.cursor ? Json(end.cursor->text()) : Json(nullptr)},
                     {"damaged_blocks", end.damaged_blocks},
                     {"searched_bytes", end.searched_bytes}};
  return {.type = kJson, .body = "{\"lines\":" + lines.array() + ',' + rest.dump().substr(1)};
}

}  // namespace lastgasp
