// Labels of consoles, from the configuration: which site, which rack. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lastgasp {

using ConsoleLabels = std::vector<std::pair<std::string, std::string>>;  // name, value

struct LabelMatch {
  std::string name;
  std::string value;  // a glob
};

// "site=fra*"; nothing when there is no = or no name before it.
std::optional<LabelMatch> parse_label_match(std::string_view text);
// Whether all of them hold. A console without the label matches no value.
bool matches(const ConsoleLabels& labels, const std::vector<LabelMatch>& wanted);

}  // namespace lastgasp
