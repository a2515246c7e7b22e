// Where the active rules come from: the packs compiled in, then those of a folder, less the rules
// switched off. Safe from any thread.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "rules/engine/rule_set.h"

namespace lastgasp {

// The built-in packs in the order of their names, then the user's. Throws FileError for a user pack
// that is wrong.
std::vector<Pack> all_packs(const std::filesystem::path& user_folder);

// One freshly compiled copy; each thread that matches should have its own.
std::shared_ptr<const RuleSet> compile_rules(const std::filesystem::path& user_folder,
                                             const std::vector<std::string>& disabled);

}  // namespace lastgasp
