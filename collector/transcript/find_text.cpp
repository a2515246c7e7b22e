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
  for (std::size_t i = 1; i < needle.size(); ++i) {
    if (rarer(i, first_)) first_ = i;
  }
  second_ = first_ == 0 ? needle.size() - 1 : 0;
  for (std::size_t i = 0; i < needle.size(); ++i) {
    if (i != first_ && rarer(i, second_)) second_ = i;
  }
}

std::size_t TextFinder::find(std::string_view text, std::size_t from) const {
  const std::size_t length = needle_.size();
  if (text.size() < length || from > text.size() - length) return std::string_view::npos;
  const std::size_t places = text.size() - length + 1;
  const auto is_at = [&](std::size_t at) {
    return std::memcmp(text.data() + at, needle_.data(), length) == 0;
  };
  const Bytes first = all(needle_[first_]), second = all(needle_[second_]);
  const auto both = [&](std::size_t at) {
    const char* const here = text.data() + at;
    return Bytes((load(here + first_) == first) & (load(here + second_) == second));
  };
  std::size_t at = from;
  while (at < places) {
    while (at + 4 * kStep <= places &&
           !any(both(at) | both(at + kStep) | both(at + 2 * kStep) | both(at + 3 * kStep))) {
      at += 4 * kStep;
    }
    const std::size_t end = std::min(at + 4 * kStep, places);
    for (; at < end; ++at) {
      if (text[at + first_] == needle_[first_] && text[at + second_] == needle_[second_] &&
          is_at(at)) {
        return at;
      }
    }
  }
  return std::string_view::npos;
}

}  // namespace lastgasp
