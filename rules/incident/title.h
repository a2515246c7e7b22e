// The sentence a person would write over an incident. Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/engine/rule_set.h"

namespace lastgasp {

// The rule's title with its captures in place, at most 240 bytes.
std::string title_of(const RuleHit& hit);

// A title that the dump has yet to complete.
struct OpenTitle {
  std::string form;                                           // "KASAN: {what} {access}"
  std::vector<std::pair<std::string, std::string>> captured;  // names and values so far
};
std::string title_of(const OpenTitle& title);

// `title` with " in FUNCTION" for the first of `functions`, unless it names one already. A function
// that is mere plumbing is replaced.
std::string with_function(std::string_view title, std::span<const std::string> functions);

// Whether the line only says that the kernel gave up over what was printed before ("Fatal
// exception", "panic_on_warn set", "page fault" after the trap).
bool is_echo(Kind kind, std::string_view title);

// Which of two kinds is worse: greater is graver.
int gravity(Kind kind);
// What ends the life of a system: only a boot, or long good health, ends such an incident.
bool is_fatal(Kind kind);

}  // namespace lastgasp
