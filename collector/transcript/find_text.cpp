#include "collector/transcript/find_text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace lastgasp {
namespace {

constexpr std::size_t kStep = 16;
using Bytes = std::uint8_t __attribute__((vector_size(kStep)));

// How common a byte is on consoles: by its place here, the most common first. Others are rare.
constexpr std::string_view kCommon = " 0e1tnaior2s3d-5.l4cu:,/p678m9gfbhEIv[]%_yTkPSCAORNLwDxMGB()";

constexpr std::array<std::uint8_t, 256> kRank = [] {
  std::array<std::uint8_t, 256> rank{};
  for (std::size_t i = 0; i < kCommon.size(); ++i) {
    rank[static_cast<unsigned char>(kCommon[i])] = static_cast<std::uint8_t>(kCommon.size() - i);
  }
  return rank;
}();

Bytes load(const char* at) {
  Bytes bytes;
  std::memcpy(&bytes, at, kStep);
  return bytes;
}

Bytes all(char c) {
  Bytes bytes;
  std::memset(&bytes, c, kStep);
  return bytes;
}

bool any(Bytes bytes) {
  using Halves = std::uint64_t __attribute__((vector_size(kStep)));
  const auto halves = reinterpret_cast<Halves>(bytes);
  return (halves[0] | halves[1]) != 0;
}

}  // namespace

TextFinder::TextFinder(std::string_view needle) : needle_(needle) {
  const auto rarer = [&](std::size_t a, std::size_t b) {
    return kRank[static_cast<unsigned char>(needle[a])] <
           kRank[static_cast<unsigned char>(needle[b])];
  };
  std::size_t known = 0;
  for (std::size_t i = 0; i < needle.size(); ++i) {
    auto* const end = rarest_.begin() + known;
    auto* const place = std::upper_bound(rarest_.begin(), end, i, rarer);
    if (place == rarest_.end()) continue;
    known = std::min(known + 1, kTold);
    std::copy_backward(place, rarest_.begin() + known - 1, rarest_.begin() + known);
    *place = i;
  }
  for (std::size_t i = known; i < kTold; ++i) rarest_[i] = rarest_[0];
}

std::size_t TextFinder::find(std::string_view text, std::size_t from) const {
  const std::size_t length = needle_.size();
  if (text.size() < length || from > text.size() - length) return std::string_view::npos;
  const std::size_t places = text.size() - length + 1;
  std::array<Bytes, kTold> told;
  for (std::size_t i = 0; i < kTold; ++i) told[i] = all(needle_[rarest_[i]]);
  // At which of the places from `at` on two of its bytes are, or all four.
  const auto has = [&](std::size_t at, std::size_t i) {
    return Bytes(load(text.data() + at + rarest_[i]) == told[i]);
  };
  const auto two = [&](std::size_t at) { return Bytes(has(at, 0) & has(at, 1)); };
  const auto four = [&](std::size_t at) { return Bytes(two(at) & has(at, 2) & has(at, 3)); };
  const auto is_at = [&](std::size_t at) {
    return text[at + rarest_[0]] == needle_[rarest_[0]] &&
           std::memcmp(text.data() + at, needle_.data(), length) == 0;
  };
  std::size_t at = from;
  while (at < places) {
    while (at + 4 * kStep <= places &&
           !any(two(at) | two(at + kStep) | two(at + 2 * kStep) | two(at + 3 * kStep))) {
      at += 4 * kStep;
    }
    for (const std::size_t end = std::min(at + 4 * kStep, places); at < end;) {
      const std::size_t step_end = std::min(at + kStep, end);
      if (step_end - at == kStep && !any(four(at))) at = step_end;
      for (; at < step_end; ++at) {
        if (is_at(at)) return at;
      }
    }
  }
  return std::string_view::npos;
}

}  // namespace lastgasp
