#include "exporters/web/incident_query.h"

#include "collector/core/bytes.h"
#include "rules/incident/incident.h"

namespace lastgasp {

IncidentQuery incident_query(const Request& request, WallTime now) {
  request.only({"console", "label", "kind", "fingerprint", "open", "since", "until", "limit"});
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

}  // namespace lastgasp
