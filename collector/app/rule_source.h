// Where the active rules come from: the packs compiled in, then those of a folder, less the rules
// switched off. Safe from any thread.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "rules/engine/rule_set.h"
#include "rules/redaction/redaction_set.h"

namespace lastgasp {

// The built-in packs in the order of their names, then the user's. Throws FileError for a user pack
// that is wrong.
std::vector<Pack> all_packs(const std::filesystem::path& user_folder);

// The same of redaction rules. Throw FileError, and Error for an id in `disabled` that no rule has.
std::vector<RedactionPack> all_redaction_packs(const std::filesystem::path& user_folder);
std::shared_ptr<const RedactionSet> compile_redaction(const std::filesystem::path& user_folder,
                                                      const std::vector<std::string>& disabled);

// One freshly compiled copy; each thread that matches should have its own.
std::shared_ptr<const RuleSet> compile_rules(const std::filesystem::path& user_folder,
                                             const std::vector<std::string>& disabled);

}  // namespace lastgasp
