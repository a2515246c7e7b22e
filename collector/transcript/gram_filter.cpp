#include "collector/transcript/gram_filter.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <numeric>

namespace lastgasp {
namespace {

constexpr std::uint64_t kMask = (std::uint64_t{1} << (8 * kGramLength)) - 1;
constexpr std::uint64_t kOnes = 0x0101010101010101;

// Eight bytes as a number, the first the highest or the lowest.
std::uint64_t first_highest(const char* from) {
  std::uint64_t eight;
  std::memcpy(&eight, from, sizeof eight);
  return std::endian::native == std::endian::little ? __builtin_bswap64(eight) : eight;
}
std::uint64_t first_lowest(const std::uint8_t* from) {
  std::uint64_t eight;
  std::memcpy(&eight, from, sizeof eight);
  return std::endian::native == std::endian::little ? eight : __builtin_bswap64(eight);
}

// A-Z as a-z in each of eight bytes: adding moves the top bit of those between, none over into the
// next byte.
std::uint64_t folded(std::uint64_t eight) {
  const std::uint64_t low = eight & (kOnes * 0x7f);
  const std::uint64_t from_a = low + kOnes * (0x80 - 'A');
  const std::uint64_t past_z = low + kOnes * (0x80 - 'Z' - 1);
  const std::uint64_t capitals = (from_a ^ past_z) & ~eight & (kOnes * 0x80);
  return eight | capitals >> 2;
}

GramHash hash(std::uint64_t gram) {
  return static_cast<GramHash>((gram * 0x9E3779B97F4A7C15ULL) >> (64 - kGramBits));
}

// The four grams that begin in the first half of eight bytes.
template <typename Use>
void each_of_half(std::uint64_t eight, Use use) {
  use(hash(eight >> 24U));
  use(hash((eight >> 16U) & kMask));
  use(hash((eight >> 8U) & kMask));
  use(hash(eight & kMask));
}

// Eight grams at a step, for which eight bytes more are read.
template <typename Use>
void each_gram(std::string_view text, Use use) {
  std::size_t at = 0;
  if (text.size() >= 16) {
    std::uint64_t eight = folded(first_highest(text.data()));
    for (; at + 16 <= text.size(); at += 8) {
      const std::uint64_t next = folded(first_highest(text.data() + at + 8));
      each_of_half(eight, use);
      each_of_half(eight << 32U | next >> 32U, use);
      eight = next;
    }
  }
  for (; at + 8 <= text.size(); at += 4) each_of_half(folded(first_highest(text.data() + at)), use);
  for (; at + kGramLength <= text.size(); ++at) {
    std::uint64_t gram = 0;
    for (const char c : text.substr(at, kGramLength))
      gram = gram << 8U | static_cast<unsigned char>(c);
    use(hash(folded(gram)));
  }
}

// Whether each of eight bytes is a digit or a dot: from '.' to '9', and not the slash among them.
bool is_number(std::uint64_t eight) {
  const std::uint64_t from_dot = eight + kOnes * (0x80 - '.');
  const std::uint64_t past_nine = eight + kOnes * (0x80 - '9' - 1);
  const std::uint64_t no_slash = eight ^ kOnes * '/';
  const std::uint64_t slash = (no_slash - kOnes) & ~no_slash;
  return ((eight | ~from_dot | past_nine | slash) & (kOnes * 0x80)) == 0;
}

template <typename Use>
void each_number_gram(std::string_view text, Use use) {
  for (std::size_t at = text.find('.'); at < text.size() && text.size() - at >= kNumberGramLength;
       at = text.find('.', at + 1)) {
    const std::uint64_t eight = first_highest(text.data() + at);
    if (is_number(eight)) use(hash(eight));
  }
}

void keep_each_once(std::vector<GramHash>& hashes) {
  std::sort(hashes.begin(), hashes.end());
  hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
}

}  // namespace

std::vector<GramHash> gram_hashes(std::string_view text) {
  std::vector<GramHash> hashes;
  each_gram(text, [&](GramHash gram) { hashes.push_back(gram); });
  keep_each_once(hashes);
  return hashes;
}

std::vector<GramHash> number_gram_hashes(std::string_view text) {
  std::vector<GramHash> hashes;
  each_number_gram(text, [&](GramHash gram) { hashes.push_back(gram); });
  keep_each_once(hashes);
  return hashes;
}

GramFilter::GramFilter(bool with_numbers)
    : with_numbers_(with_numbers), seen_(std::size_t{1} << kGramBits) {}

void GramFilter::add(std::string_view line) {
  std::uint8_t* const seen = seen_.data();
  const auto see = [seen](GramHash gram) { seen[gram] = 1; };
  each_gram(line, see);
  if (with_numbers_) each_number_gram(line, see);
  uncounted_ += line.size();
}

// A byte adds one gram at most, and one in eight comes to the sample: most of the time nothing need
// be counted.
bool GramFilter::full() {
  if (ones_ <= kFull && uncounted_ > std::max(kLeastCounted, 8 * (kFull - ones_))) {
    uncounted_ = 0;
    ones_ = ones_in_sample();
  }
  return ones_ > kFull;
}

// Bytes are added up in lanes that take as many as a byte holds, which compilers do many at a step.
std::size_t GramFilter::ones_in_sample() const {
  constexpr std::size_t kLanes = 64;
  static_assert(kSample / kLanes <= 255);
  std::array<std::uint8_t, kLanes> lanes{};
  for (std::size_t row = 0; row < kSample; row += kLanes)
    for (std::size_t i = 0; i < kLanes; ++i)
      lanes[i] = static_cast<std::uint8_t>(lanes[i] + seen_[row + i]);
  return std::accumulate(lanes.begin(), lanes.end(), std::size_t{0});
}

GramSet GramFilter::take() {
  // Moves the lowest bit of byte i to bit i of the highest byte.
  constexpr std::uint64_t kGather = 0x0102040810204080;
  GramSet set{std::string(kGramSetBytes, '\0')};
  for (std::size_t i = 0; i < kGramSetBytes; ++i)
    set.bytes[i] = static_cast<char>(first_lowest(&seen_[i * 8]) * kGather >> 56U);
  std::fill(seen_.begin(), seen_.end(), 0);
  ones_ = uncounted_ = 0;
  return set;
}

}  // namespace lastgasp
