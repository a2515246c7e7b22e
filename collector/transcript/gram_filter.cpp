#include "collector/transcript/gram_filter.h"

#include <algorithm>
#include <array>

namespace lastgasp {
namespace {

constexpr std::uint64_t kMask = (std::uint64_t{1} << (8 * kGramLength)) - 1;

constexpr std::array<std::uint8_t, 256> kFolded = [] {
  std::array<std::uint8_t, 256> out{};
  for (std::size_t c = 0; c < 256; ++c) {
    out[c] = static_cast<std::uint8_t>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  }
  return out;
}();

GramHash hash(std::uint64_t gram) {
  return static_cast<GramHash>((gram * 0x9E3779B97F4A7C15ULL) >> (64 - kGramBits));
}

template <typename Use>
void each_gram(std::string_view text, Use use) {
  if (text.size() < kGramLength) return;
  std::uint64_t gram = 0;
  const auto take = [&](char c) { gram = (gram << 8) | kFolded[static_cast<unsigned char>(c)]; };
  for (std::size_t i = 0; i < kGramLength - 1; ++i) take(text[i]);
  for (std::size_t i = kGramLength - 1; i < text.size(); ++i) {
    take(text[i]);
    use(hash(gram & kMask));
  }
}

}  // namespace

std::vector<GramHash> gram_hashes(std::string_view text) {
  std::vector<GramHash> hashes;
  each_gram(text, [&](GramHash gram) { hashes.push_back(gram); });
  std::sort(hashes.begin(), hashes.end());
  hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
  return hashes;
}

GramFilter::GramFilter() : seen_(std::size_t{1} << kGramBits) {}

void GramFilter::add(std::string_view line) {
  std::uint8_t* const seen = seen_.data();
  std::size_t fresh = 0;
  each_gram(line, [seen, &fresh](GramHash gram) {
    fresh += seen[gram] ^ 1U;
    seen[gram] = 1;
  });
  ones_ += fresh;
}

GramSet GramFilter::take() {
  GramSet set{std::string(kGramSetBytes, '\0')};
  for (std::size_t i = 0; i < kGramSetBytes; ++i) {
    unsigned byte = 0;
    for (unsigned bit = 0; bit < 8; ++bit) byte |= unsigned{seen_[i * 8 + bit]} << bit;
    set.bytes[i] = static_cast<char>(byte);
  }
  std::fill(seen_.begin(), seen_.end(), 0);
  ones_ = 0;
  return set;
}

}  // namespace lastgasp
