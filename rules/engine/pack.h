// Rule packs: YAML files of rules (rules/README.md describes the language). Strict: an unknown key,
// a wrong type, a bad regular expression or a {name} in a title that is no
// group is a FileError with line and column.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "collector/core/error.h"
#include "rules/engine/rule.h"

namespace lastgasp {

struct Pack {
  std::string name;
  std::string file;                  // for messages; "built-in linux.yaml"
  std::vector<std::string> disable;  // ids of rules of earlier packs that this one switches off
  std::vector<Rule> rules;
};

// Throws FileError. `file` is only used in messages.
Pack parse_pack(std::string_view yaml, const std::string& file);
Pack load_pack(const std::filesystem::path& file);
// All *.yaml of a folder in the order of their names. Throws FileError or Error.
std::vector<Pack> load_packs(const std::filesystem::path& folder);

// What is wrong with a rule's own evidence: a sample that does not match, a reject that does.
struct PackProblem {
  std::string rule;
  int line = 0;
  std::string text;
};
std::vector<PackProblem> test_pack(const Pack& pack);

}  // namespace lastgasp
