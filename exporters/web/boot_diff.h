// What one boot printed that another did not. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "collector/core/clock.h"

namespace lastgasp {

struct BootLine {
  WallTime at{};
  std::string text;
};

// Lines that only one of the two boots printed.
struct BootChange {
  bool added = false;  // the newer one printed them
  BootLine line;       // the first of them
  std::size_t count = 1;
};

struct BootDiff {
  std::vector<BootChange> changes;  // as they came; what is missing stands where it was missed
  std::size_t added = 0, missing = 0, same = 0;  // of different lines
};

// Lines are the same when they are but for stamps, numbers and addresses (line_shape): what a boot
// prints in another order or more often is no change, nor is a number that changed.
BootDiff diff_boots(const std::vector<BootLine>& older, const std::vector<BootLine>& newer);

}  // namespace lastgasp
