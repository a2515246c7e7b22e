// A console as JSON, as the lists and the event stream have it. Pure.
#pragma once

#include <string>

#include "exporters/web/backend.h"

namespace lastgasp {

std::string console_json(const ConsoleView& console);
// With what only the answer about one console has.
std::string console_detail_json(const ConsoleView& console);

}  // namespace lastgasp
