// What people said of an incident, and the form to say more. Complete without scripts.
#pragma once

#include <vector>

#include "collector/transcript/incident_note.h"
#include "exporters/web/html.h"

namespace lastgasp {

// `notes` of the incident `id`, oldest first.
void notes_view(Html& html, IncidentId id, const std::vector<IncidentNote>& notes);

}  // namespace lastgasp
