// An incident with what people said of it, as the API and the command line give it.
#pragma once

#include <string>
#include <vector>

#include "collector/transcript/incident_note.h"
#include "rules/incident/incident.h"

namespace lastgasp {

// The incident's JSON (rules/incident) with two keys more: "acknowledged": null or {"by", "at",
// "text"}, the first who did; "notes": [{"by", "at", "text", "acknowledges"}], oldest first, all of
// them. Valid UTF-8 without control characters but line ends.
std::string incident_answer(const Incident& incident, const std::vector<IncidentNote>& notes);

}  // namespace lastgasp
