#include <nlohmann/json.hpp>

#include "collector/core/bytes.h"
#include "exporters/web/api.h"
#include "exporters/web/incident_answer.h"
#include "exporters/web/incident_query.h"
#include "exporters/web/incident_summary.h"
#include "exporters/web/stored.h"

namespace lastgasp {

using Json = nlohmann::ordered_json;

namespace {

Json time_or_null(WallTime at) { return at == WallTime{} ? Json(nullptr) : Json(format_utc(at)); }

Json deliveries(const Call& call, IncidentId incident) {
  Json list = Json::array();
  for (const DeliveryRecord& one : call.backend.deliveries(incident))
    list.push_back({{"receiver", to_utf8(one.receiver)},
                    {"state", one.state},
                    {"sent", time_or_null(one.sent)},
                    {"accepted", time_or_null(one.accepted)},
                    {"error", to_utf8(one.error)}});
  return list;
}

}  // namespace

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
  const Json answer = {
      {"incident", Json::parse(incident_answer(incident, store.notes(incident.id)))},
      {"sightings",
       {{"incidents", seen.incidents},
        {"consoles", seen.consoles},
        {"since", time_or_null(seen.first)}}},
      {"deliveries", deliveries(call, incident.id)}};
  return {.type = kJson, .body = answer.dump()};
}

}  // namespace lastgasp
