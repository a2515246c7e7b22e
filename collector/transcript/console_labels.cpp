#include "collector/transcript/console_labels.h"

#include <algorithm>

#include "collector/core/bytes.h"

namespace lastgasp {

std::optional<LabelMatch> parse_label_match(std::string_view text) {
  const std::size_t sign = text.find('=');
  if (sign == std::string_view::npos || sign == 0) return std::nullopt;
  return LabelMatch{std::string(text.substr(0, sign)), std::string(text.substr(sign + 1))};
}

bool matches(const ConsoleLabels& labels, const std::vector<LabelMatch>& wanted) {
  return std::all_of(wanted.begin(), wanted.end(), [&](const LabelMatch& match) {
    return std::any_of(labels.begin(), labels.end(), [&](const auto& label) {
      return label.first == match.name && glob_match(match.value, label.second);
    });
  });
}

}  // namespace lastgasp
