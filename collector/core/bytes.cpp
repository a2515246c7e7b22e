#include "collector/core/bytes.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>

namespace lastgasp {
namespace {

constexpr bool printable_ascii(unsigned char c) { return c >= 0x20 && c < 0x7f; }

void append_code_point(std::string& out, std::uint32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xc0 | (c >> 6));
    out += static_cast<char>(0x80 | (c & 0x3f));
  } else {
    out += static_cast<char>(0xe0 | (c >> 12));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3f));
    out += static_cast<char>(0x80 | (c & 0x3f));
  }
}

// Length of the valid UTF-8 sequence of two or more bytes at the front of `text`; 0 if there is
// none.
std::size_t utf8_sequence(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t length = lead >= 0xf0 && lead <= 0xf4   ? 4
                             : lead >= 0xe0 && lead <= 0xef ? 3
                             : lead >= 0xc2 && lead <= 0xdf ? 2
                                                            : 0;
  if (length == 0 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((static_cast<unsigned char>(text[i]) & 0xc0) != 0x80) return 0;
  const auto second = static_cast<unsigned char>(text[1]);
  const bool overlong = (lead == 0xe0 && second < 0xa0) || (lead == 0xf0 && second < 0x90);
  const bool surrogate = lead == 0xed && second >= 0xa0;
  const bool too_large = lead == 0xf4 && second >= 0x90;
  // C1 controls as UTF-8 (c2 80 .. c2 9f) are controls all the same.
  const bool control = lead == 0xc2 && second < 0xa0;
  return overlong || surrogate || too_large || control ? 0 : length;
}

}  // namespace

void append_escaped(std::string& out, std::string_view text) {
  static constexpr char digits[] = "0123456789abcdef";
  for (const char raw : text) {
    const auto c = static_cast<unsigned char>(raw);
    if (c == '\\') {
      out += "\\\\";
    } else if (printable_ascii(c)) {
      out += raw;
    } else if (c == '\t') {
      out += "\\t";
    } else {
      out += "\\x";
      out += digits[c >> 4];
      out += digits[c & 15];
    }
  }
}

std::string escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  append_escaped(out, text);
  return out;
}

void append_utf8(std::string& out, std::string_view text) {
  const auto plain = [](unsigned char c) { return printable_ascii(c) || c == '\t'; };
  for (std::size_t i = 0; i < text.size();) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (plain(c)) {
      const auto run = text.substr(i);
      const auto end = std::find_if_not(run.begin(), run.end(), plain);
      out.append(run.begin(), end);
      i += static_cast<std::size_t>(end - run.begin());
    } else if (const std::size_t length = c < 0x80 ? 0 : utf8_sequence(text.substr(i))) {
      out += text.substr(i, length);
      i += length;
    } else {
      append_code_point(out, c < 0xa0 ? 0xfffd : c);
      ++i;
    }
  }
}

std::string to_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  append_utf8(out, text);
  return out;
}

void append_varint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
  out += static_cast<char>(value);
}

std::string format_bytes(std::uint64_t bytes) {
  static constexpr std::array<const char*, 5> units{"B", "KiB", "MiB", "GiB", "TiB"};
  double value = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; value >= 1024 && unit + 1 < units.size(); ++unit) value /= 1024;
  char text[32];
  std::snprintf(text, sizeof text, unit == 0 ? "%.0f %s" : "%.1f %s", value, units[unit]);
  return text;
}

std::optional<std::uint64_t> parse_bytes(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return std::nullopt;
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  if (unit.empty()) return number;
  const auto shift = std::string_view("KMGT").find(unit[0]);
  if (unit.size() != 1 || shift == std::string_view::npos) return std::nullopt;
  const auto bits = 10 * (shift + 1);
  if (number > (~std::uint64_t{0} >> bits)) return std::nullopt;
  return number << bits;
}

bool glob_match(std::string_view glob, std::string_view name) {
  std::size_t g = 0, n = 0, star = std::string_view::npos, retry = 0;
  while (n < name.size()) {
    if (g < glob.size() && glob[g] == '*') {
      star = g++;
      retry = n;
    } else if (g < glob.size() && (glob[g] == '?' || glob[g] == name[n])) {
      ++g, ++n;
    } else if (star != std::string_view::npos) {
      g = star + 1;
      n = ++retry;
    } else {
      return false;
    }
  }
  while (g < glob.size() && glob[g] == '*') ++g;
  return g == glob.size();
}

}  // namespace lastgasp
