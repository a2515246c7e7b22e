// What a query looks for, on cleaned lines. One thread.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace re2 {
class RE2;
}

namespace lastgasp {

class TextMatcher {
 public:
  // A line matches when it holds every one of `texts`, in any order; empty ones match all. Throws
  // Error when a regular expression is bad.
  TextMatcher(std::span<const std::string> texts, bool regex, bool ignore_case);
  ~TextMatcher();

  bool matches(std::string_view line) const;
  // Where: offset and length of each match, of all texts, by offset; none when every line matches.
  std::vector<std::pair<std::size_t, std::size_t>> find_all(std::string_view line) const;
  // False when surely none of many lines, one after the other, matches; cheaper than each by
  // itself.
  bool may_match(std::string_view lines) const;

 private:
  struct Term {
    std::string literal;
    std::unique_ptr<re2::RE2> regex;  // null for a plain substring
  };
  std::vector<Term> terms_;
};

}  // namespace lastgasp
