#include "rules/incident/stuck_watch.h"

#include <algorithm>

#include "rules/engine/characters.h"

namespace lastgasp {

void StuckWatch::seen(const Rule& rule, std::string title, std::uint64_t line_begin,
                      std::string_view text, MonoTime now, std::uint64_t number) {
  if (armed_ && begin_ == line_begin) {
    return;  // the same prompt, first unended and then whole
  }
  // One that comes again and again is as stuck as one that stays.
  if (!armed_ || rule_ != rule.id) {
    due_ = std::max(now + after_, operator_until_);
  }
  armed_ = true;
  rule_ = rule.id;
  title_ = std::move(title);
  severity_ = std::max(rule.severity, Severity::warning);
  begin_ = line_begin;
  number_ = number;
  length_ = text.size();
  lines_left_ = rule.kind == Kind::stuck ? kLinesAfterMessage : 0;
}

void StuckWatch::line(std::uint64_t line_begin, std::string_view text, MonoTime now) {
  if (!armed_) {
    return;
  }
  if (line_begin == begin_) {
    if (text.size() > length_) {
      typed(now);
    }
  } else if (!is_blank(text) && lines_left_-- <= 0) {
    armed_ = false;
  }
}

void StuckWatch::typed(MonoTime now) {
  armed_ = false;
  operator_until_ = now + kOperatorStays;
}

}  // namespace lastgasp
