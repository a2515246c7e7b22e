#include "rules/engine/line_set.h"

#include <algorithm>

#include "rules/engine/re2_options.h"

namespace lastgasp {
namespace {

re2::RE2::Options options_within(std::int64_t max_memory_bytes) {
  re2::RE2::Options options = expression_options();
  options.set_max_mem(max_memory_bytes);
  return options;
}

// The end of the class that begins at `at`.
std::size_t class_end(std::string_view pattern, std::size_t at) {
  at += pattern.substr(at + 1, 1) == "^" ? 2 : 1;
  for (std::size_t i = at; i < pattern.size(); ++i) {
    if (pattern[i] == '\\') {
      ++i;
    } else if (pattern.substr(i, 2) == "[:") {
      i = pattern.find(":]", i);
      if (i == pattern.npos) break;
      ++i;
    } else if (pattern[i] == ']' && i > at) {
      return i;
    }
  }
  return pattern.size();
}

// Whether every alternative begins with a plain `^`; false when in doubt.
bool only_at_start(std::string_view pattern) {
  if (pattern.find("(?m") != pattern.npos || pattern.find("\\Q") != pattern.npos) return false;
  int depth = 0;
  bool begins = true;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (begins && pattern[i] != '^') return false;
    begins = false;
    switch (pattern[i]) {
      case '\\':
        ++i;
        break;
      case '[':
        i = class_end(pattern, i);
        break;
      case '(':
        ++depth;
        break;
      case ')':
        --depth;
        break;
      case '|':
        begins = depth == 0;
        break;
      case '?':
      case '*':
      case '+':
      case '{':
        if (i == 1 || pattern[i - 1] == '^') return false;
        break;
      default:
        break;
    }
  }
  return !begins;
}

re2::RE2::Anchor anchor_of(const std::vector<std::string>& patterns) {
  return std::all_of(patterns.begin(), patterns.end(), only_at_start) ? re2::RE2::ANCHOR_START
                                                                      : re2::RE2::UNANCHORED;
}

}  // namespace

LineSet::LineSet(const std::vector<std::string>& patterns, std::int64_t max_memory_bytes)
    : set_(options_within(max_memory_bytes), anchor_of(patterns)) {
  bool added = true;
  for (const std::string& pattern : patterns) added = set_.Add(pattern, nullptr) >= 0 && added;
  compiled_ = set_.Compile() && added;
}

LineSet::Answer LineSet::find(std::string_view line, std::vector<int>& ids) const {
  if (!compiled_) return Answer::unsure;
  re2::RE2::Set::ErrorInfo error{};
  // Without ids RE2 stops at the first match and allocates nothing; nearly every line ends here.
  if (!set_.Match(piece(line), nullptr, &error)) {
    return error.kind == re2::RE2::Set::kNoError ? Answer::none : Answer::unsure;
  }
  if (!set_.Match(piece(line), &ids, &error)) return Answer::unsure;
  std::sort(ids.begin(), ids.end());
  return Answer::some;
}

}  // namespace lastgasp
