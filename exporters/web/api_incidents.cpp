#include <nlohmann/json.hpp>

#include "collector/core/bytes.h"
#include "exporters/web/api.h"
#include "exporters/web/incident_answer.h"
#include "exporters/web/incident_query.h"
#include "exporters/web/incident_summary.h"
#include "exporters/web/stored.h"

namespace lastgasp {

using Json = nlohmann::ordered_json;

Response api_incidents(const Call& call) {
  const auto query = incident_query(call.request, call.now.wall);
  auto store = open_store(call.backend);
  std::string list;
  for (const auto& row : store.incidents(query))
    list += (list.empty() ? "" : ",") + incident_summary(stored_incident(row), store.notes(row.id));
  return {.type = kJson, .body = "{\"incidents\":[" + list + "]}"};
}

Response api_incident(const Call& call) {
  call.request.only({});
  auto store = open_store(call.backend);
  const auto incident = find_incident(store, call.arguments[0]);
  const auto seen = store.sightings(incident.fingerprint);
  const bool ever = seen.first != WallTime{};
  const Json answer = {
      {"incident", Json::parse(incident_answer(incident, store.notes(incident.id)))},
      {"sightings",
       {{"incidents", seen.incidents},
        {"consoles", seen.consoles},
        {"since", ever ? Json(format_utc(seen.first)) : Json(nullptr)}}}};
  return {.type = kJson, .body = answer.dump()};
}

}  // namespace lastgasp
