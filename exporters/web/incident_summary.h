// An incident as lists and the event stream have it. Pure.
#pragma once

#include <string>
#include <vector>

#include "collector/transcript/incident_note.h"
#include "rules/incident/incident.h"

namespace lastgasp {

// As incident_answer(), without what a list has no room for: the console's own words and people's.
std::string incident_summary(const Incident& incident, const std::vector<IncidentNote>& notes);

}  // namespace lastgasp
