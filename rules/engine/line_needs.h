// What a line must hold for an expression to match it, as RE2 itself takes the expression apart:
// one of a few texts or bytes, of those that would do the ones that ordinary lines hold least
// often. Internal to this folder; immutable, safe from any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/engine/text_scan.h"

namespace lastgasp {

struct LineNeeds {
  static constexpr std::size_t kShortestText = TextScan::kShortest;

  std::vector<std::string> texts;  // kShortestText or longer; A-Z as a-z, in the line of any case
  std::string bytes;               // likewise
};

class LineNeedsFinder {
 public:
  explicit LineNeedsFinder(std::string_view ordinary_text);

  // A line that has none of them does not match. Nothing: any line may. `pattern` compiles.
  std::optional<LineNeeds> find(const std::string& pattern) const;

 private:
  std::optional<LineNeeds> find(const std::string& pattern, std::size_t shortest) const;
  std::size_t lines_with(std::string_view text) const;
  char rarest_byte(std::string_view text) const;

  std::vector<std::string> lines_;  // A-Z as a-z
};

}  // namespace lastgasp
