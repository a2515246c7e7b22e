#include "collector/transcript/search_cursor.h"

#include <vector>

namespace lastgasp {
namespace {

constexpr char kNewest = 'n', kOldest = 'o';
constexpr char kSeparator = '~';
constexpr std::string_view kDigits = "0123456789abcdef";

bool plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '@';
}

// What is not plain becomes _HH: % would be encoded again in an address.
void append_plain(std::string& out, std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (plain(c)) {
      out += c;
    } else {
      out += {'_', kDigits[byte >> 4], kDigits[byte & 15]};
    }
  }
}

std::optional<std::string> from_plain(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (plain(text[i])) {
      out += text[i];
      continue;
    }
    if (text[i] != '_' || i + 2 >= text.size()) return std::nullopt;
    const std::size_t high = kDigits.find(text[i + 1]), low = kDigits.find(text[i + 2]);
    if (high == std::string_view::npos || low == std::string_view::npos) return std::nullopt;
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

std::optional<LineId> place_of(std::string_view text) {
  const auto id = from_plain(text);
  return id ? parse_line_id(*id) : std::nullopt;
}

std::vector<std::string_view> parts_of(std::string_view text) {
  std::vector<std::string_view> parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(kSeparator, begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

[[noreturn]] void refuse() {
  throw Error("this is no cursor of a search; give one as it was told, or leave it out");
}

}  // namespace

SearchCursor SearchCursor::parse(std::string_view text, bool newest_first) {
  if (text.empty() || (text[0] != kNewest && text[0] != kOldest)) refuse();
  const auto parts = parts_of(text.substr(1));
  const auto bound = place_of(parts.front());
  if (!bound) refuse();
  SearchCursor cursor(text[0] == kNewest, {});
  cursor.bound_ = *bound;
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const auto place = place_of(parts[i]);
    if (!place) refuse();
    cursor.ahead_[place->console] = *place;
  }
  if (cursor.newest_first_ != newest_first) {
    throw Error(newest_first
                    ? "this cursor is of a search with the oldest first: ask for that order"
                    : "this cursor is of a search with the newest first: ask for that "
                      "order");
  }
  return cursor;
}

std::string SearchCursor::text() const {
  std::string out(1, newest_first_ ? kNewest : kOldest);
  append_plain(out, to_text(bound_));
  for (const auto& [console, place] : ahead_) {
    out += kSeparator;
    append_plain(out, to_text(place));
  }
  return out;
}

bool SearchCursor::remaining(std::string_view console, WallTime at, std::size_t nth) const {
  const auto on_this_side = [&](const LineId& place) {
    const bool below = std::tuple(at, console, nth) <
                       std::tuple(place.at, std::string_view(place.console), place.nth);
    return below == newest_first_;
  };
  if (!on_this_side(bound_)) return false;
  const auto further = ahead_.empty() ? ahead_.end() : ahead_.find(console);
  return further == ahead_.end() || on_this_side(further->second);
}

bool SearchCursor::needs_number(const std::string& console, WallTime at) const {
  if (at == bound_.at && console == bound_.console) return true;
  const auto further = ahead_.find(console);
  return further != ahead_.end() && further->second.at == at;
}

void SearchCursor::advance(WallTime at) {
  bound_ = {at, {}, 0};
  forget_reached();
}

void SearchCursor::advance(const LineId& hit, const LineId& last) {
  bound_ = after(hit);
  ahead_[last.console] = after(last);
  forget_reached();
}

LineId SearchCursor::after(LineId line) const {
  if (!newest_first_) ++line.nth;
  return line;
}

void SearchCursor::forget_reached() {
  std::erase_if(ahead_, [&](const auto& place) { return !beyond(place.second, bound_); });
}

}  // namespace lastgasp
