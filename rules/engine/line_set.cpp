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

}  // namespace

LineSet::LineSet(const std::vector<std::string>& patterns, std::int64_t max_memory_bytes)
    : set_(options_within(max_memory_bytes), re2::RE2::UNANCHORED) {
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
