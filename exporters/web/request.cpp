#include "exporters/web/request.h"

#include <algorithm>
#include <charconv>

#include "collector/core/bytes.h"

namespace lastgasp {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

// The text up to `separator`, taken off the front of `rest`.
std::string_view take_until(std::string_view& rest, char separator) {
  const auto end = rest.find(separator);
  const auto part = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return part;
}

std::vector<std::string> parse_path(std::string_view path) {
  std::vector<std::string> segments;
  path.remove_prefix(1);
  while (!path.empty()) segments.push_back(url_decoded(take_until(path, '/'), false));
  return segments;
}

[[noreturn]] void refuse(std::string_view name, std::string_view value, const std::string& advice) {
  throw HttpError(400, std::string(name) + ": '" + to_utf8(value.substr(0, 200)) + "' " + advice);
}

}  // namespace

std::vector<Parameter> parse_query(std::string_view query) {
  std::vector<Parameter> parameters;
  while (!query.empty()) {
    auto part = take_until(query, '&');
    if (part.empty()) continue;
    if (parameters.size() == kMaxParameters)
      throw HttpError(400, "more than " + std::to_string(kMaxParameters) +
                               " parameters; ask for fewer consoles, or use a glob");
    auto name = url_decoded(take_until(part, '='), true);
    parameters.push_back({std::move(name), url_decoded(part, true)});
  }
  return parameters;
}

std::string url_decoded(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_digit(text[i + 2]) : -1;
    if (low >= 0) {
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += plus_is_space && text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

std::string url_encoded(std::string_view text) {
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (unreserved(c)) {
      out += c;
    } else {
      out += '%';
      out += digits[static_cast<unsigned char>(c) >> 4];
      out += digits[static_cast<unsigned char>(c) & 15];
    }
  }
  return out;
}

void Request::parse_target(std::string_view target) {
  if (target.size() > kMaxTargetBytes)
    throw HttpError(414, "the address is longer than " + std::to_string(kMaxTargetBytes) +
                             " bytes; shorten the query");
  if (target.empty() || target[0] != '/')
    throw HttpError(400, "the request target must be a path that begins with /");
  const auto raw_path = take_until(target, '?');
  path = parse_path(raw_path);
  parameters = parse_query(target);
}

std::string_view Request::text(std::string_view name) const {
  for (const auto& p : parameters)
    if (p.name == name) return p.value;
  return {};
}

bool Request::has(std::string_view name) const {
  return std::any_of(parameters.begin(), parameters.end(),
                     [&](const Parameter& parameter) { return parameter.name == name; });
}

std::vector<std::string> Request::all(std::string_view name) const {
  std::vector<std::string> values;
  for (const auto& p : parameters)
    if (p.name == name && !p.value.empty()) values.push_back(p.value);
  return values;
}

bool Request::flag(std::string_view name) const {
  const auto value = text(name);
  if (value.empty() || value == "0" || value == "false") return false;
  if (value == "1" || value == "true" || value == "on") return true;
  refuse(name, value, "is neither 1 nor 0");
}

std::size_t Request::number(std::string_view name, std::size_t fallback, std::size_t most) const {
  const auto value = text(name);
  if (value.empty()) return fallback;
  std::size_t number = 0;
  const auto end = value.data() + value.size();
  const auto parsed = std::from_chars(value.data(), end, number);
  if (parsed.ec != std::errc{} || parsed.ptr != end || number > most)
    refuse(name, value, "is not a number from 0 to " + std::to_string(most));
  return number;
}

std::optional<WallTime> Request::time(std::string_view name, WallTime now) const {
  const auto value = text(name);
  if (value.empty()) return std::nullopt;
  const auto parsed = parse_time(value, now);
  if (!parsed)
    refuse(name, value,
           "is not a time; write 2026-11-22T14:03:05Z, '2026-11-22 14:03' (UTC), 2026-11-22, "
           "yesterday, or 2h for two hours ago");
  return parsed;
}

std::vector<LabelMatch> Request::labels() const {
  std::vector<LabelMatch> labels;
  for (const auto& text : all("label")) {
    auto match = parse_label_match(text);
    if (!match) refuse("label", text, "is no NAME=VALUE, such as site=fra*");
    labels.push_back(std::move(*match));
  }
  return labels;
}

void Request::only(std::initializer_list<std::string_view> known) const {
  for (const auto& p : parameters) {
    if (std::find(known.begin(), known.end(), p.name) != known.end()) continue;
    std::string names;
    for (const auto name : known) names.append(names.empty() ? "" : ", ").append(name);
    throw HttpError(400, "there is no parameter '" + to_utf8(p.name.substr(0, 200)) + "'; " +
                             (names.empty() ? "this address takes none" : "there are: " + names));
  }
}

}  // namespace lastgasp
