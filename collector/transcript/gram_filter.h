// Which runs of five bytes (5-grams) lines hold, as a set of bits: a text that has a gram whose bit
// is missing holds no such line. Letters are folded to lower case, so that one set serves both ways
// of searching. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lastgasp {

inline constexpr std::size_t kGramLength = 5;
// A set has 2^bits bits; the bit of a gram is the low `bits` of its hash.
inline constexpr int kLeastGramBits = 10;
inline constexpr int kMostGramBits = 20;

using GramHash = std::uint32_t;

// Of every gram of `text` that holds no line end, each once; none when it is too short.
std::vector<GramHash> gram_hashes(std::string_view text);

struct GramSet {
  int bits = 0;
  std::string bytes;  // bit b is bit b % 8 of byte b / 8

  bool has(GramHash gram) const {
    const GramHash bit = gram & ((GramHash{1} << bits) - 1);
    return ((static_cast<unsigned char>(bytes[bit / 8]) >> (bit % 8)) & 1U) != 0;
  }
};

// Gathers the grams of one block. Keeps its memory for the next.
class GramFilter {
 public:
  GramFilter();
  void add(std::string_view lines);
  // What was added since the last call, in as few bits as leave 70 in 100 of them 0.
  GramSet take();

 private:
  std::vector<std::uint64_t> words_;
};

}  // namespace lastgasp
