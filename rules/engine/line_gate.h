// Which of many texts a line holds, and whether any of a few bytes: asked of every line before RE2
// is. Internal to this folder. Immutable; safe from any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rules/engine/text_scan.h"

namespace lastgasp {

class LineGate {
 public:
  static constexpr std::size_t kMostBytes = 8;

  // `texts` as in LineNeeds; of `bytes`, at most kMostBytes.
  LineGate(std::vector<std::string> texts, const std::string& bytes);

  // Replaces `found` by the numbers of the texts in `line`, each once, in no order.
  void find_texts(std::string_view line, std::vector<std::uint32_t>& found) const;
  bool has_byte(std::string_view line) const;

 private:
  using Sixteen [[gnu::vector_size(16)]] = unsigned char;

  TextScan texts_;
  std::string bytes_;            // both cases of letters
  std::vector<Sixteen> wanted_;  // each of them in all places
};

}  // namespace lastgasp
