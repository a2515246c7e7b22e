#include "rules/engine/cost.h"

#include <re2/set.h>

#include <mutex>

namespace lastgasp {
namespace {

thread_local int full_automatons = 0;

void count_full_automaton(const re2::hooks::DFAStateCacheReset& /*reset*/) { ++full_automatons; }

bool fits_over_ordinary_text(const std::string& pattern) {
  static std::once_flag hooked;
  std::call_once(hooked, [] { re2::hooks::SetDFAStateCacheResetHook(count_full_automaton); });
  re2::RE2::Options options = expression_options();
  options.set_max_mem(kMaxAutomatonBytes);
  re2::RE2::Set alone(options, re2::RE2::UNANCHORED);
  if (alone.Add(pattern, nullptr) < 0 || !alone.Compile()) return false;
  full_automatons = 0;
  std::string_view text = ordinary_text();
  while (!text.empty() && full_automatons == 0) {
    const auto end = text.find('\n');
    alone.Match(piece(text.substr(0, end)), nullptr);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return full_automatons == 0;
}

}  // namespace

std::string cost_problem(const std::string& pattern, const Expression& expression) {
  if (expression.program_size() > kMaxProgramSize) {
    return "too expensive: compiles to " + std::to_string(expression.program_size()) +
           " instructions, at most " + std::to_string(kMaxProgramSize) +
           "; shorten counted repetitions such as {1,1000}";
  }
  if (!fits_over_ordinary_text(pattern)) {
    return "too expensive: its automaton outgrows " + std::to_string(kMaxAutomatonBytes / 1024) +
           " KiB on ordinary lines; begin it with a fixed word, or shorten what is repeated";
  }
  return {};
}

}  // namespace lastgasp
