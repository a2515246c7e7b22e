// Rule packs: YAML files of rules (rules/README.md describes the language). Strict: an unknown key,
// a wrong type, a bad regular expression or a {name} in a title that is no group is a mistake with
// line and column. Within a rule it costs that rule, which is refused; anywhere else the pack,
// which is a FileError.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "collector/core/error.h"
#include "rules/engine/rule.h"

namespace lastgasp {

// A rule that was left out, and why: it is written wrongly, or costs too much. Or an id in
// `disable` that switches nothing off.
struct RefusedRule {
  std::string id;  // as written; may be empty
  std::string file;
  int line = 0, column = 0;  // 0 when unknown
  std::string why;
};
// "FILE:LINE:COLUMN: rule ID is refused: WHY"
std::string text_of(const RefusedRule& refused);

struct Pack {
  std::string name;
  std::string file;                  // for messages; "built-in linux.yaml"
  std::vector<std::string> disable;  // ids of rules of earlier packs that this one switches off
  std::vector<Rule> rules;
  std::vector<RefusedRule> refused;  // rules of this pack that are written wrongly
};

// Throws FileError. `file` is only used in messages.
Pack parse_pack(std::string_view yaml, const std::string& file);
Pack load_pack(const std::filesystem::path& file);
// All *.yaml of a folder in the order of their names. Throws FileError or Error.
std::vector<Pack> load_packs(const std::filesystem::path& folder);

// For packs of any sort: all *.yaml of a folder in the order of their names, and what a file holds.
// Throw Error.
std::vector<std::filesystem::path> pack_files(const std::filesystem::path& folder);
std::string pack_text(const std::filesystem::path& file);

// What is wrong with a rule's own evidence: a sample that does not match, a reject that does.
struct PackProblem {
  std::string rule;
  int line = 0;
  std::string text;
};
std::vector<PackProblem> test_pack(const Pack& pack);

}  // namespace lastgasp
