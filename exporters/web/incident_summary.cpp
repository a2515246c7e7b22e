#include "exporters/web/incident_summary.h"

#include <nlohmann/json.hpp>

namespace lastgasp {

std::string summary_json(const Incident& incident) {
  auto json = nlohmann::ordered_json::parse(to_json(incident));
  for (const char* key : {"context", "dump"}) json.erase(key);
  return json.dump();
}

}  // namespace lastgasp
