// Console text as it is when all is well: what an expression costs is measured on it, and what is
// rare in it is looked for first.
#pragma once

#include <string_view>

namespace lastgasp {

// Boots, logs, tables, dumps of numbers; each line ended by \n.
std::string_view ordinary_text();

}  // namespace lastgasp
