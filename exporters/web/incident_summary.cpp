#include "exporters/web/incident_summary.h"

#include <nlohmann/json.hpp>

#include "exporters/web/incident_answer.h"

namespace lastgasp {

std::string incident_summary(const Incident& incident, const std::vector<IncidentNote>& notes) {
  auto json = nlohmann::ordered_json::parse(incident_answer(incident, notes));
  for (const char* key : {"context", "dump", "notes"}) json.erase(key);
  return json.dump();
}

}  // namespace lastgasp
