#include "collector/transcript/line_id.h"

#include <charconv>

namespace lastgasp {
namespace {

template <typename Number>
std::optional<Number> number_of(std::string_view digits) {
  Number number = 0;
  const char* const end = digits.data() + digits.size();
  const auto parsed = std::from_chars(digits.data(), end, number);
  if (parsed.ec != std::errc{} || parsed.ptr != end || digits.front() == '-') return std::nullopt;
  return number;
}

}  // namespace

std::string to_text(const LineId& id) {
  const std::string text = id.console + '@' + std::to_string(unix_micros(id.at));
  return id.nth == 0 ? text : text + '.' + std::to_string(id.nth);
}

std::optional<LineId> parse_line_id(std::string_view text) {
  const std::size_t sign = text.rfind('@');
  if (sign == std::string_view::npos) return std::nullopt;
  const std::string_view place = text.substr(sign + 1);
  const std::size_t dot = place.find('.');
  const auto at = number_of<std::int64_t>(place.substr(0, dot));
  const auto nth = dot == std::string_view::npos ? std::optional<std::size_t>(0)
                                                 : number_of<std::size_t>(place.substr(dot + 1));
  if (!at || !nth) return std::nullopt;
  return LineId{from_unix_micros(*at), std::string(text.substr(0, sign)), *nth};
}

}  // namespace lastgasp
