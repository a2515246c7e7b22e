// Bytes from foreign hands. Console text is hostile: these functions are the only way it reaches a
// terminal or a JSON document. Everything here is pure and safe from any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lastgasp {

// Appends `text` with every byte outside printable ASCII as \xHH (tab as \t, backslash as \\):
// what is safe to print on a terminal and can be read back.
void append_escaped(std::string& out, std::string_view text);
std::string escaped(std::string_view text);

// Appends `text` as UTF-8: valid UTF-8 sequences stay, any other byte is taken as Latin-1; control
// characters but tab become U+FFFD. For JSON, alert annotations and pages.
void append_utf8(std::string& out, std::string_view text);
std::string to_utf8(std::string_view text);

// LEB128, 7 bits a byte, least significant first.
void append_varint(std::string& out, std::uint64_t value);
// Takes a varint off the front of `in`; nothing when `in` ends early or the number has over 64
// bits. Inline, since a block of a transcript has thousands.
inline std::optional<std::uint64_t> take_varint(std::string_view& in) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < in.size() && i < 10; ++i) {
    const auto byte = static_cast<unsigned char>(in[i]);
    if (i == 9 && byte > 1) return std::nullopt;
    value |= std::uint64_t{byte & 0x7fU} << (7 * i);
    if (byte >= 0x80) continue;
    in.remove_prefix(i + 1);
    return value;
  }
  return std::nullopt;
}

// Signed numbers with small magnitudes as small varints.
constexpr std::uint64_t zigzag(std::int64_t v) {
  return (static_cast<std::uint64_t>(v) << 1) ^ static_cast<std::uint64_t>(v >> 63);
}
constexpr std::int64_t unzigzag(std::uint64_t v) {
  return static_cast<std::int64_t>(v >> 1) ^ -static_cast<std::int64_t>(v & 1);
}

// "1.5 MiB".
std::string format_bytes(std::uint64_t bytes);
// "4096", "64K", "512M", "200G", "1T" (binary multiples).
std::optional<std::uint64_t> parse_bytes(std::string_view text);

// Whether `name` matches `glob`, where * stands for any text and ? for one character.
bool glob_match(std::string_view glob, std::string_view name);

}  // namespace lastgasp
