// What a query looks for, on cleaned lines. One thread.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "collector/transcript/regex_atoms.h"

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
  // Of many lines, one after the other: offsets, rising, of which every line that matches has one.
  // Nothing when any of them may match. Much cheaper than each line by itself.
  using Places = std::optional<std::vector<std::size_t>>;
  Places places(std::string_view lines);

 private:
  // Of a literal its text; of an expression the pieces it needs some of, if it needs any.
  struct Term {
    std::string literal;
    std::unique_ptr<re2::RE2> regex;  // null for a plain substring
    std::unique_ptr<RegexAtoms> atoms;
  };
  static std::vector<std::size_t> places_of(const Term& term, std::string_view lines,
                                            std::string_view folded);

  std::vector<Term> terms_;
  std::string folded_;  // kept for its memory
};

}  // namespace lastgasp
