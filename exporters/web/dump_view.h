// What a console said of an incident: the lines before it, its cause, and the dump, in which what
// rules recognised stands out and frames that every crash has stand back.
#pragma once

#include "exporters/web/html.h"
#include "rules/incident/incident.h"

namespace lastgasp {

void dump_view(Html& html, const Incident& incident);

}  // namespace lastgasp
