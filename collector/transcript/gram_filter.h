// Which runs of five bytes (5-grams) lines hold, as a set of bits: a text that has a gram whose bit
// is missing holds no such line. Letters are folded to lower case, so that one set serves both ways
// of searching. Addresses share most of their 5-grams with their neighbours', so what is behind a
// dot in a number is held as a longer gram as well. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lastgasp {

inline constexpr std::size_t kGramLength = 5;
inline constexpr std::size_t kNumberGramLength = 8;  // a dot, and seven digits or dots
inline constexpr int kGramBits = 16;                 // a set has 2^16 bits, 8 KiB
inline constexpr std::size_t kGramSetBytes = (std::size_t{1} << kGramBits) / 8;

using GramHash = std::uint16_t;  // the number of a gram's bit

// Of every gram of `text`, each once; none when it is too short.
std::vector<GramHash> gram_hashes(std::string_view text);
// The same of its number grams: a set that was made with them lacks none of those of its lines.
std::vector<GramHash> number_gram_hashes(std::string_view text);

struct GramSet {
  std::string bytes;  // kGramSetBytes; bit b is bit b % 8 of byte b / 8

  bool has(GramHash gram) const {
    return ((static_cast<unsigned char>(bytes[gram / 8]) >> (gram % 8)) & 1U) != 0;
  }
};

// Gathers the grams of one block. Keeps its memory for the next.
class GramFilter {
 public:
  // Without numbers, sets are as they were before there were number grams.
  explicit GramFilter(bool with_numbers = true);
  void add(std::string_view line);  // without its end
  // About 30 in 100 bits are 1: with more text the set would rule out little.
  bool full();
  // What was added since the last call.
  GramSet take();

 private:
  // Grams come to any bit alike, so an eighth of the bits tells how full all are: within 2 in 100.
  static constexpr std::size_t kSample = (std::size_t{1} << kGramBits) / 8;
  static constexpr std::size_t kFull = kSample * 30 / 100;
  static constexpr std::size_t kLeastCounted = 1 << 10;

  std::size_t ones_in_sample() const;

  const bool with_numbers_;
  std::vector<std::uint8_t> seen_;        // a byte for each bit: setting it needs no look at others
  std::size_t ones_ = 0, uncounted_ = 0;  // in the sample at the last count; bytes of text since
};

}  // namespace lastgasp
