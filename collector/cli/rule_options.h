// Options of commands that run rules, and the rules they name.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "rules/engine/rule_set.h"

namespace lastgasp {

// --rules FOLDER
void add_rules_folder(CLI::App& command, std::string& folder);

// The built-in rules, those of the folder and those of `more`, less `disabled`; what is refused is
// told on standard error. Throws Error.
std::shared_ptr<const RuleSet> load_rules(const std::string& folder,
                                          const std::vector<std::string>& disabled = {},
                                          std::optional<Pack> more = {});

// "ios, nxos", or "any".
std::string platforms_text(const Rule& rule);

}  // namespace lastgasp
