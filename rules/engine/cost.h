// What a rule's expression costs on ordinary traffic. Internal to this folder.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "rules/engine/expression.h"

namespace lastgasp {

inline constexpr int kMaxProgramSize = 5000;           // RE2 instructions
inline constexpr int kMaxAutomatonBytes = 256 * 1024;  // alone, over ordinary_text()

// RE2 builds its automaton while it reads, each state once, unless there are so many that they do
// not fit into memory: then nearly every byte builds one, about a hundred times slower, and RE2
// tells nobody. So each expression reads ordinary_text() alone, within kMaxAutomatonBytes, and must
// afterwards read it about as fast as a plain expression does in the same process. A healthy rule
// takes once or twice that time and one that outgrows its memory over forty times, so that the
// limit of kMaxRatio between them decides alike on every machine. of() may be called by several
// threads at once.
class CostProbe {
 public:
  static constexpr int kMaxRatio = 20;

  CostProbe();

  struct Cost {
    std::string problem;              // beside a plain one, why, and what to do, if too much
    std::chrono::nanoseconds line{};  // of ordinary text, the first time it is read
  };
  Cost of(const std::string& pattern, const Expression& expression) const;

 private:
  std::chrono::nanoseconds plain_{};  // what a plain expression takes, and how long its program is
  int plain_size_ = 0;
};

}  // namespace lastgasp
