#include "collector/app/rule_source.h"

#include <span>

#include "rules/engine/in_parallel.h"
#include "rules/packs/built_in_packs.h"

namespace lastgasp {
namespace {

// Reading YAML is a good part of a start.
std::vector<Pack> parsed(std::span<const BuiltInPack> texts) {
  std::vector<Pack> packs(texts.size());
  in_parallel(texts.size(), [&](std::size_t i) {
    packs[i] = parse_pack(texts[i].yaml, "built-in " + std::string(texts[i].file));
  });
  return packs;
}

}  // namespace

std::vector<Pack> all_packs(const std::filesystem::path& user_folder) {
  std::vector<Pack> packs = parsed(built_in_packs());
  if (user_folder.empty()) return packs;
  for (Pack& pack : load_packs(user_folder)) packs.push_back(std::move(pack));
  return packs;
}

std::vector<RedactionPack> all_redaction_packs(const std::filesystem::path& user_folder) {
  std::vector<RedactionPack> packs;
  for (const RedactionPackText& pack : built_in_redaction_packs())
    packs.push_back(parse_redaction_pack(pack.yaml, "built-in " + std::string(pack.name)));
  if (user_folder.empty()) return packs;
  for (RedactionPack& pack : load_redaction_packs(user_folder)) packs.push_back(std::move(pack));
  return packs;
}

std::shared_ptr<const RedactionSet> compile_redaction(const std::filesystem::path& user_folder,
                                                      const std::vector<std::string>& disabled) {
  return RedactionSet::compile(all_redaction_packs(user_folder), disabled);
}

std::shared_ptr<const RuleSet> compile_rules(const std::filesystem::path& user_folder,
                                             const std::vector<std::string>& disabled) {
  return RuleSet::compile(all_packs(user_folder), disabled);
}

}  // namespace lastgasp
