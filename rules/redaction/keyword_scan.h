// Finds the first of many words in a text, in any case, in a fraction of the text's steps
// (Wu-Manber on the words' ends): the only thing most lines ever pay for redaction. Immutable.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lastgasp {

class KeywordScan {
 public:
  static constexpr std::size_t kShortest = 3;  // bytes of a keyword
  static constexpr std::size_t npos = std::string_view::npos;

  // Of printable ASCII, each at least kShortest bytes.
  explicit KeywordScan(std::vector<std::string> keywords);

  // Where the keyword that ends first beyond offset `from` ends; npos when there is none.
  std::size_t find(std::string_view text, std::size_t from) const;
  // Appends the numbers of all keywords in the text, as given, possibly more than once.
  void all(std::string_view text, std::vector<std::uint16_t>& numbers) const;

 private:
  static constexpr std::size_t kPairs = 1024;
  // Letters of either case are the same; others may be confounded, which costs a comparison.
  static std::size_t pair_at(std::string_view text, std::size_t end) {
    const auto low = static_cast<unsigned char>(text[end - 1]) & 31U;
    const auto high = static_cast<unsigned char>(text[end - 2]) & 31U;
    return high << 5 | low;
  }
  // Where the next end of a keyword may be, from `end` on; beyond the text when nowhere.
  std::size_t skip(std::string_view text, std::size_t end) const {
    while (end <= text.size()) {
      const std::uint8_t shift = shifts_[pair_at(text, end)];
      if (shift == 0) break;
      end += shift;
    }
    return end;
  }
  bool ends_at(const std::string& keyword, std::string_view text, std::size_t end) const;

  std::vector<std::string> keywords_;  // lower case
  std::size_t shortest_ = kShortest;
  std::array<std::uint8_t, kPairs> shifts_{};  // by the last pair of the window
  std::array<std::vector<std::uint16_t>, kPairs> ending_;
};

}  // namespace lastgasp
