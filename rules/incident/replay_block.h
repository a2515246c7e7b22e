// A block of old messages that a system tells again: whatever stands in it, other than a dump,
// which ends where something else begins. Pure; one for each block.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "collector/core/clock.h"
#include "rules/engine/expression.h"
#include "rules/engine/rule.h"

namespace lastgasp {

class ReplayBlock {
 public:
  // Begins with a line that `rule`, which has a dump, recognised.
  ReplayBlock(const Rule& rule, MonoTime now);
  // Whether this next line is still of the block. The last one, which `until` matches, is.
  bool holds(std::string_view line, MonoTime now);
  const std::string& rule() const { return rule_; }

 private:
  std::string rule_;
  std::shared_ptr<const Expression> end_;
  Micros idle_{};
  std::size_t lines_left_ = 0;
  MonoTime last_{};
};

}  // namespace lastgasp
