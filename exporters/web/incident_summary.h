// An incident as lists and the event stream have it. Pure.
#pragma once

#include <string>

#include "rules/incident/incident.h"

namespace lastgasp {

// As to_json(), without what a list has no room for: the console's own words.
std::string summary_json(const Incident& incident);

}  // namespace lastgasp
