// Incidents one below the other, as the wall, a console and the list of all show them.
#pragma once

#include <vector>

#include "exporters/web/html.h"
#include "exporters/web/stored.h"
#include "rules/incident/incident.h"

namespace lastgasp {

void incident_list(Html& html, const std::vector<Incident>& incidents,
                   const LookedAfter& looked_after, WallTime now, bool name_console = true);

}  // namespace lastgasp
