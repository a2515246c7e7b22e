// An incident as the store keeps it: the columns that are searched, and the whole as JSON text that
// the store does not read.
#pragma once

#include <cstdint>
#include <string>

#include "collector/core/clock.h"
#include "collector/transcript/record.h"

namespace lastgasp {

using IncidentId = std::int64_t;  // counts up from 1 in the order of opening; never used twice

struct IncidentRow {
  IncidentId id = 0;
  ConsoleId console = 0;
  std::string kind;
  std::string severity;
  std::string fingerprint;
  std::string title;
  WallTime opened{};
  WallTime updated{};
  WallTime resolved{};  // epoch while it is open
  std::string body;     // the whole incident as JSON
};

}  // namespace lastgasp
