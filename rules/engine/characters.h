// What kind of character a byte of console text is. ASCII, whatever the locale.
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace lastgasp {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_alpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

// A-Z as a-z.
inline std::string in_lower_case(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), lower);
  return out;
}

// By a table: asked of every byte of many lines.
constexpr std::array<bool, 256> table_of(std::string_view characters) {
  std::array<bool, 256> out{};
  for (const char c : characters) out[static_cast<unsigned char>(c)] = true;
  return out;
}
inline constexpr std::array<bool, 256> kHexDigits = table_of("0123456789abcdefABCDEF");
inline constexpr std::array<bool, 256> kWordBytes =
    table_of("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_");
constexpr bool is_hex(char c) { return kHexDigits[static_cast<unsigned char>(c)]; }
constexpr bool in_word(char c) { return kWordBytes[static_cast<unsigned char>(c)]; }

// Blanks and tabs off the front.
constexpr void skip_spaces(std::string_view& text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
}
constexpr bool is_blank(std::string_view text) {
  skip_spaces(text);
  return text.empty();
}

}  // namespace lastgasp
