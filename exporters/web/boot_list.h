// The boots of a console: a line over time, and a list with how long each took and why, from which
// two can be compared.
#pragma once

#include <string>
#include <vector>

#include "collector/transcript/reader.h"
#include "exporters/web/html.h"

namespace lastgasp {

// `boots` are of one console, newest first, and not empty.
void boot_list(Html& html, const std::string& console, const std::vector<FoundBoot>& boots,
               WallTime now);

}  // namespace lastgasp
