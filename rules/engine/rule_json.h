// A rule as JSON: the one form of the API and of the command line. Pure.
#pragma once

#include <string>

#include "rules/engine/rule.h"

namespace lastgasp {

// {"id", "pack", "source", "line", "platforms", "kind", "severity", "match", "title",
// "experimental", "samples", "rejects"} and what else it says.
std::string to_json(const Rule& rule);

}  // namespace lastgasp
