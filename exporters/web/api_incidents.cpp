#include <nlohmann/json.hpp>

#include "collector/core/bytes.h"
#include "exporters/web/api.h"
#include "exporters/web/incident_summary.h"
#include "exporters/web/stored.h"

namespace lastgasp {
namespace {

using Json = nlohmann::ordered_json;

IncidentQuery incident_query(const Request& request, WallTime now) {
  IncidentQuery query;
  query.consoles = request.all("console");
  query.labels = request.labels();
  query.kind = request.text("kind");
  if (!query.kind.empty() && !kind_named(query.kind)) {
    std::string names;
    for (const auto name : kKindNames) names.append(names.empty() ? "" : ", ").append(name);
    throw HttpError(400, "kind: there is none called '" + to_utf8(query.kind.substr(0, 200)) +
                             "'; there are: " + names);
  }
  query.fingerprint = request.text("fingerprint");
  query.open_only = request.flag("open");
  query.range.from = request.time("since", now).value_or(WallTime{});
  query.range.to = request.time("until", now).value_or(WallTime::max());
  query.limit = request.number("limit", 100, 1000);
  return query;
}

}  // namespace

Response api_incidents(const Call& call) {
  call.request.only({"console", "label", "kind", "fingerprint", "open", "since", "until", "limit"});
  const auto query = incident_query(call.request, call.now.wall);
  auto store = open_store(call.backend);
  std::string list;
  for (const auto& row : store.incidents(query))
    list += (list.empty() ? "" : ",") + summary_json(stored_incident(row));
  return {.type = kJson, .body = "{\"incidents\":[" + list + "]}"};
}

Response api_incident(const Call& call) {
  call.request.only({});
  auto store = open_store(call.backend);
  const auto incident = find_incident(store, call.arguments[0]);
  const auto seen = store.sightings(incident.fingerprint);
  const bool ever = seen.first != WallTime{};
  const Json answer = {{"incident", Json::parse(to_json(incident))},
                       {"sightings",
                        {{"incidents", seen.incidents},
                         {"consoles", seen.consoles},
                         {"since", ever ? Json(format_utc(seen.first)) : Json(nullptr)}}}};
  return {.type = kJson, .body = answer.dump()};
}

}  // namespace lastgasp
