// The parameters of a list of incidents, in one place for the API and the pages (README.md lists
// them).
#pragma once

#include "collector/transcript/reader.h"
#include "exporters/web/request.h"

namespace lastgasp {

// Throws HttpError 400.
IncidentQuery incident_query(const Request& request, WallTime now);

}  // namespace lastgasp
