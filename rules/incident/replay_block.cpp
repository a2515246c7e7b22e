#include "rules/incident/replay_block.h"

#include "rules/engine/logger_stamp.h"
#include "rules/incident/dump_expression.h"

namespace lastgasp {

ReplayBlock::ReplayBlock(const Rule& rule, MonoTime now)
    : rule_(rule.id),
      end_(dump_expression(rule.dump->until)),
      idle_(rule.dump->idle),
      lines_left_(rule.dump->lines),
      last_(now) {}

bool ReplayBlock::holds(std::string_view line, MonoTime now) {
  if (lines_left_ == 0 || now - last_ >= idle_) {
    return false;
  }
  last_ = now;
  --lines_left_;
  if (end_ && end_->matches(without_logger_stamp(line))) {
    lines_left_ = 0;
  }
  return true;
}

}  // namespace lastgasp
