// Packs of redaction rules: YAML (README.md describes the keys). Strict, and unlike a rule pack all
// or nothing: a rule left out for a mistake would let secrets through, so that any mistake is a
// FileError and refuses the pack.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lastgasp {

struct RedactionRule {
  std::string id;                      // "cisco.enable_secret"; unique over all packs
  std::vector<std::string> platforms;  // where it applies; empty is everywhere
  std::vector<std::string> keywords;   // one of them stands before the secret, in any case
  std::string match;                   // RE2 on the cleaned line; (?P<secret>...) is masked
  std::string block;  // RE2; masks (?P<secret>...) in the lines that follow, while it matches
  std::vector<std::pair<std::string, std::string>> samples;  // a line, and how it is stored
  std::vector<std::string> rejects;                          // lines that are stored as they are
  int line = 0;                                              // in its pack file
};
// Whether it is tried on consoles of `platform`; empty is unknown, where every rule is.
bool applies(const RedactionRule& rule, std::string_view platform);

struct RedactionPack {
  std::string name;
  std::string file;                  // for messages
  std::vector<std::string> disable;  // ids of rules of earlier packs that this one switches off
  std::vector<RedactionRule> rules;
};

// Throws FileError. `file` is only used in messages.
RedactionPack parse_redaction_pack(std::string_view yaml, const std::string& file);
// All *.yaml of a folder in the order of their names. Throws FileError or Error.
std::vector<RedactionPack> load_redaction_packs(const std::filesystem::path& folder);

struct RedactionPackText {
  std::string_view name;  // "cisco.yaml"
  std::string_view yaml;
};
// The text of the packs that come with the program.
std::span<const RedactionPackText> built_in_redaction_packs();

}  // namespace lastgasp
