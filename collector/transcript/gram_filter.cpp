#include "collector/transcript/gram_filter.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace lastgasp {
namespace {

constexpr std::uint64_t kMask = (std::uint64_t{1} << (8 * kGramLength)) - 1;
constexpr std::size_t kWords = (std::size_t{1} << kMostGramBits) / 64;

constexpr std::array<std::uint8_t, 256> kFolded = [] {
  std::array<std::uint8_t, 256> out{};
  for (std::size_t c = 0; c < 256; ++c) {
    out[c] = static_cast<std::uint8_t>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  }
  return out;
}();

GramHash hash(std::uint64_t gram) {
  return static_cast<GramHash>((gram * 0x9E3779B97F4A7C15ULL) >> (64 - kMostGramBits));
}

template <typename Use>
void each_gram(std::string_view text, Use use) {
  std::uint64_t gram = 0;
  std::size_t length = 0;
  for (const char c : text) {
    if (c == '\n') {
      length = 0;
      continue;
    }
    gram = ((gram << 8) | kFolded[static_cast<unsigned char>(c)]) & kMask;
    if (++length >= kGramLength) use(hash(gram));
  }
}

// Half as many bits: each stands for two of before.
void fold(std::vector<std::uint64_t>& words, std::size_t half) {
  for (std::size_t i = 0; i < half; ++i) words[i] |= words[i + half];
}

std::size_t ones(const std::vector<std::uint64_t>& words, std::size_t count, std::size_t half) {
  std::size_t set = 0;
  for (std::size_t i = 0; i < count; ++i) {
    set +=
        static_cast<std::size_t>(std::popcount(half > 0 ? words[i] | words[i + half] : words[i]));
  }
  return set;
}

}  // namespace

std::vector<GramHash> gram_hashes(std::string_view text) {
  std::vector<GramHash> hashes;
  each_gram(text, [&](GramHash gram) { hashes.push_back(gram); });
  std::sort(hashes.begin(), hashes.end());
  hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
  return hashes;
}

GramFilter::GramFilter() : words_(kWords) {}

void GramFilter::add(std::string_view lines) {
  std::uint64_t* const words = words_.data();
  each_gram(lines, [words](GramHash gram) { words[gram / 64] |= std::uint64_t{1} << (gram % 64); });
}

GramSet GramFilter::take() {
  constexpr std::size_t kMostOnes = 30;  // in a hundred
  int bits = kMostGramBits;
  std::size_t count = kWords;
  while (bits > kLeastGramBits &&
         ones(words_, count / 2, count / 2) * 100 <= count / 2 * 64 * kMostOnes) {
    count /= 2;
    fold(words_, count);
    --bits;
  }
  GramSet set{bits, std::string(count * 8, '\0')};
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t byte = 0; byte < 8; ++byte) {
      set.bytes[i * 8 + byte] = static_cast<char>(words_[i] >> (8 * byte));
    }
  }
  std::fill(words_.begin(), words_.end(), 0);
  return set;
}

}  // namespace lastgasp
