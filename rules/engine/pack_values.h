// Values that packs of every sort hold, read strictly: a mistake is a FileError at its place.
#pragma once

#include <string>
#include <vector>

#include "rules/engine/expression.h"
#include "rules/engine/yaml_section.h"

namespace lastgasp {

// Words of a-z, 0-9 and _ with dots between: "linux.oops".
std::string read_rule_id(const YamlValue& value);
// One word of a-z, 0-9, _ and -.
std::string read_word(const YamlValue& value);
// One word, or a list of them; `any` alone is an empty list: everywhere.
std::vector<std::string> read_platforms(const YamlValue& value);
Expression read_expression(const YamlValue& value);
// A list of single lines.
std::vector<std::string> read_lines(const YamlValue& value);

}  // namespace lastgasp
