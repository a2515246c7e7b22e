// What the rules in force did so far, on all consoles together. Plain data.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "collector/core/clock.h"

namespace lastgasp {

struct RuleUse {
  std::uint64_t matches = 0;
  WallTime last{};  // epoch when never
};

struct MatchTotals {
  std::map<std::string, RuleUse> rules;  // by id
  std::uint64_t lines = 0, scan_nanos = 0, skipped_overlong_lines = 0;
};

}  // namespace lastgasp
