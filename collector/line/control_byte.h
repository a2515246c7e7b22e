// Where text ends and control begins, many bytes at a step. Pure.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace lastgasp {

constexpr bool control_byte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 ? byte != '\t' : byte == 0x7f;
}

// Offset of the first control byte but tab; size() when there is none. Sixteen bytes at a step.
inline std::size_t find_control(std::string_view bytes) {
  using Sixteen [[gnu::vector_size(16)]] = unsigned char;
  using Halves [[gnu::vector_size(16)]] = std::uint64_t;
  const auto place = [](std::uint64_t flags) {  // of the first byte that is not zero
    const bool little = std::endian::native == std::endian::little;
    return static_cast<std::size_t>(little ? std::countr_zero(flags) : std::countl_zero(flags)) / 8;
  };
  std::size_t i = 0;
  for (; i + sizeof(Sixteen) <= bytes.size(); i += sizeof(Sixteen)) {
    Sixteen text;
    std::memcpy(&text, bytes.data() + i, sizeof text);
    const auto flags = reinterpret_cast<Halves>(((text < 0x20) & (text != '\t')) | (text == 0x7f));
    if ((flags[0] | flags[1]) == 0) continue;
    return i + (flags[0] != 0 ? place(flags[0]) : 8 + place(flags[1]));
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
