// What a rule's expression costs on ordinary traffic, found without a clock so that every machine
// decides alike. Internal to this folder.
#pragma once

#include <string>
#include <string_view>

#include "rules/engine/expression.h"

namespace lastgasp {

inline constexpr int kMaxProgramSize = 5000;           // RE2 instructions
inline constexpr int kMaxAutomatonBytes = 256 * 1024;  // alone, over ordinary_text()

// Why the rule is too expensive, or empty. RE2 builds its automaton while it reads, and a state is
// built only once, unless there are so many that they do not fit into memory: then nearly every
// byte builds one, a hundred times slower, and RE2 reports no error. So the expression alone reads
// ordinary_text() and must fit into kMaxAutomatonBytes.
std::string cost_problem(const std::string& pattern, const Expression& expression);

// Ordinary console lines: boots, logs, tables, dumps of numbers.
std::string_view ordinary_text();

}  // namespace lastgasp
