#include "collector/core/bytes.h"
#include "exporters/web/api.h"
#include "exporters/web/boot_comparison.h"
#include "exporters/web/similar_incidents.h"
#include "exporters/web/stored.h"

namespace lastgasp {
namespace {

// What a person named wrongly.
template <typename Ask>
auto or_not_found(Ask ask) {
  try {
    return ask();
  } catch (const Error& e) {
    throw HttpError(404, e.what());
  }
}

template <typename Rows, typename ToJson>
Response list(const char* name, const Rows& rows, ToJson to_json) {
  std::string text;
  for (const auto& row : rows) text += (text.empty() ? "" : ",") + to_json(row);
  return {.type = kJson, .body = std::string("{\"") + name + "\":[" + text + "]}"};
}

}  // namespace

Response api_boots(const Call& call) {
  const Request& request = call.request;
  request.only({"console", "label", "since", "until", "limit"});
  BootQuery query;
  query.consoles = request.all("console");
  query.labels = request.labels();
  query.range.from = request.time("since", call.now.wall).value_or(WallTime{});
  query.range.to = request.time("until", call.now.wall).value_or(WallTime::max());
  query.limit = request.number("limit", 100, 1000);
  auto store = open_store(call.backend);
  return list("boots", store.boots(query), boot_json);
}

Response api_diff(const Call& call) {
  const Request& request = call.request;
  request.only({"console", "older", "newer"});
  const std::string console(request.text("console"));
  if (console.empty()) throw HttpError(400, "console: name the one whose boots are compared");
  const auto older = request.number("older", 2, INT32_MAX);
  const auto newer = request.number("newer", 1, INT32_MAX);
  auto store = open_store(call.backend);
  const auto comparison = or_not_found([&] { return compare_boots(store, console, older, newer); });
  return {.type = kJson, .body = comparison_json(comparison)};
}

Response api_similar(const Call& call) {
  call.request.only({"incident", "limit"});
  const auto id = call.request.number("incident", 0, INT32_MAX);
  if (id == 0) throw HttpError(400, "incident: give its number (see /api/v1/incidents)");
  const auto limit = call.request.number("limit", 20, 1000);
  auto store = open_store(call.backend);
  auto matches =
      or_not_found([&] { return similar_incidents(store, static_cast<IncidentId>(id)); });
  if (matches.size() > limit)
    matches.erase(matches.begin() + static_cast<long>(limit), matches.end());
  return list("similar", matches, similar_json);
}

}  // namespace lastgasp
