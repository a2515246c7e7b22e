// What a query looks for, on cleaned lines. One thread.
#pragma once

#include <memory>
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
  // Throws Error when the regular expression is bad.
  TextMatcher(std::string_view text, bool regex, bool ignore_case);
  ~TextMatcher();

  bool matches(std::string_view line) const;
  // Where: offset and length of each match; none when every line matches.
  std::vector<std::pair<std::size_t, std::size_t>> find_all(std::string_view line) const;
  // False when surely none of many lines, one after the other, matches; cheaper than each by
  // itself.
  bool may_match(std::string_view lines) const;

 private:
  std::string literal_;
  std::unique_ptr<re2::RE2> regex_;  // null for a plain substring
};

}  // namespace lastgasp
