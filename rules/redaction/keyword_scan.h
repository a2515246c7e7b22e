// Finds the first of many words in a text, in any case: the only thing most lines ever pay for
// redaction. Immutable.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rules/engine/text_scan.h"

namespace lastgasp {

class KeywordScan {
 public:
  static constexpr std::size_t kShortest = TextScan::kShortest;  // bytes of a keyword
  static constexpr std::size_t npos = std::string_view::npos;

  // Of printable ASCII, each at least kShortest bytes.
  explicit KeywordScan(const std::vector<std::string>& keywords);

  // Where the keyword that ends first beyond offset `from` ends; npos when there is none.
  std::size_t find(std::string_view text, std::size_t from) const;
  // Appends the numbers of all keywords in the text, as given, possibly more than once.
  void all(std::string_view text, std::vector<int>& numbers) const;

 private:
  TextScan scan_;                          // its texts rising
  std::vector<std::vector<int>> numbers_;  // of the keywords, by the text of the scan
  std::size_t longest_ = 0;
};

}  // namespace lastgasp
