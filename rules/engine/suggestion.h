// Help for writing rules: which lines look like a crash, which are the same line but for their
// numbers, and a first draft of a rule for one. Pure; safe from any thread.
#pragma once

#include <string>
#include <string_view>

#include "rules/engine/expression.h"

namespace lastgasp {

// Words that crashes are told in: panic, fault, watchdog, corrupt and their like. One is enough for
// all lines.
class CrashWords {
 public:
  CrashWords();
  bool in(std::string_view line) const { return words_.matches(line); }

 private:
  Expression words_;
};

// The line without stamps in front, numbers and addresses as #: the same for all lines that one
// rule would match. At most kMaxShape bytes.
inline constexpr std::size_t kMaxShape = 200;
std::string line_shape(std::string_view line);

// A pack with one rule that matches `line` and every line of its shape: to be looked over by the
// person who puts it into a folder of rules. Kind and title are guessed.
std::string draft_pack(std::string_view line);

}  // namespace lastgasp
