// A boot of a console as the store keeps it. A console and the time of its banner name it: put
// again, it takes the place of what was known of it before.
#pragma once

#include <string>

#include "collector/core/clock.h"
#include "collector/transcript/record.h"

namespace lastgasp {

struct BootRow {
  ConsoleId console = 0;
  WallTime began{};      // arrival of its banner
  WallTime done{};       // the system was up; epoch when nobody saw that
  std::string reason;    // of BootReason
  std::string evidence;  // the line that told the reason, or the title of an incident
};

}  // namespace lastgasp
