// Where text ends and control begins, eight bytes at a step. Pure.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace lastgasp {

constexpr bool control_byte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 ? byte != '\t' : byte == 0x7f;
}

// Offset of the first control byte but tab; size() when there is none. Eight bytes at a step: the
// test flags every byte below 0x20 or equal to 0x7f, exactly for the lowest one flagged.
inline std::size_t find_control(std::string_view bytes) {
  constexpr std::uint64_t ones = 0x0101010101010101, tops = 0x8080808080808080;
  std::size_t i = 0;
  for (; i + 8 <= bytes.size(); i += 8) {
    std::uint64_t word;
    std::memcpy(&word, bytes.data() + i, 8);
    const std::uint64_t below = (word - ones * 0x20) & ~word;
    const std::uint64_t del = word ^ (ones * 0x7f);
    if ((below | ((del - ones) & ~del)) & tops) break;
  }
  for (; i < bytes.size(); ++i)
    if (control_byte(bytes[i])) return i;
  return bytes.size();
}

// Whether `text` is what it shows: printable bytes, tabs, and line ends of any number of CR and an
// LF. Without a branch for each byte, so that the compiler takes many at a step.
inline bool is_plain(std::string_view text) {
  constexpr std::size_t kStep = 4096;
  for (std::size_t begin = 0; begin < text.size(); begin += kStep) {
    const std::size_t end = begin + kStep < text.size() ? begin + kStep : text.size() - 1;
    unsigned char edits = 0;
    for (std::size_t i = begin; i < end; ++i) {
      const auto byte = static_cast<unsigned char>(text[i]);
      const auto next = static_cast<unsigned char>(text[i + 1]);
      const bool control = (byte < 0x20) & (byte != '\t') & (byte != '\n') & (byte != '\r');
      const bool returns = (byte == '\r') & (next != '\n') & (next != '\r');
      edits |= static_cast<unsigned char>(control | (byte == 0x7f) | returns);
    }
    if (edits != 0) return false;
  }
  return text.empty() || text.back() == '\n' || text.back() == '\r' || !control_byte(text.back());
}

}  // namespace lastgasp
