// A transcript line as JSON: the one form of the API and of the command line. Pure.
#pragma once

#include <string>

#include "collector/transcript/reader.h"

namespace lastgasp {

// {"id", "console", "at", "kind", "text", "hit", "matches": [[offset, length], ...]}; offsets count
// bytes of the UTF-8 text.
std::string line_json(const FoundLine& line);

}  // namespace lastgasp
