// What kind of character a byte of console text is. ASCII, whatever the locale.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace lastgasp {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_alpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool in_word(char c) { return is_digit(c) || is_alpha(c) || c == '_'; }
constexpr char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

// By a table: asked of every byte of every line.
inline constexpr std::array<bool, 256> kHexDigits = [] {
  std::array<bool, 256> out{};
  for (const char c : std::string_view("0123456789abcdefABCDEF"))
    out[static_cast<unsigned char>(c)] = true;
  return out;
}();
constexpr bool is_hex(char c) { return kHexDigits[static_cast<unsigned char>(c)]; }

// Blanks and tabs off the front.
constexpr void skip_spaces(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
}

}  // namespace lastgasp
