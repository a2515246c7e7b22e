// Two boots of a console, read from the store and compared: for the API and the command line.
#pragma once

#include <string>

#include "collector/transcript/reader.h"
#include "exporters/web/boot_diff.h"
#include "exporters/web/stored_boots.h"

namespace lastgasp {

struct ComparedBoot {
  StoredBoot boot;
  std::size_t lines = 0;
  bool complete = true;  // false: only what came up to `reached` is compared
  WallTime reached{};
};

struct BootComparison {
  ComparedBoot older, newer;
  BootDiff diff;
};

// A boot is compared from its banner until the system is up, or until the next banner; of it, half
// an hour and 20,000 lines at most. Throws Error when there is no such console or boot.
BootComparison compare_boots(TranscriptReader& reader, const std::string& console,
                             std::size_t older, std::size_t newer);

// {"console", "older", "newer", "new", "missing", "same", "changes": [...]}
std::string comparison_json(const BootComparison& comparison);
// {"change": "new" or "missing", "at", "count", "text"}
std::string change_json(const BootChange& change);

}  // namespace lastgasp
