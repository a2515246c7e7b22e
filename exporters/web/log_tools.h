// What can be done from a stretch of a console's transcript: go to another time, to the incident
// before or after, save it.
#pragma once

#include "exporters/web/html.h"
#include "exporters/web/log_view.h"

namespace lastgasp {

// The log has lines.
void log_tools(Html& html, const Log& log);

}  // namespace lastgasp
