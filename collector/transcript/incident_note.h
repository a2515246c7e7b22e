// What people say of an incident: that somebody looks after it, and what was found. Plain data;
// kept as long as the incident.
#pragma once

#include <string>
#include <vector>

#include "collector/core/clock.h"
#include "collector/transcript/incident_row.h"

namespace lastgasp {

struct IncidentNote {
  IncidentId incident = 0;
  WallTime at{};
  bool acknowledges = false;  // `by` looks after it from now on
  std::string by;             // as given; any bytes
  std::string text;           // may be empty when it acknowledges
};

// The first note that acknowledges, or null. Borrowed from `notes`.
const IncidentNote* acknowledgement(const std::vector<IncidentNote>& notes);

}  // namespace lastgasp
