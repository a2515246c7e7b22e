#include "collector/cli/rule_options.h"

#include <cstdio>

#include "collector/app/rule_source.h"
#include "collector/core/bytes.h"

namespace lastgasp {

void add_rules_folder(CLI::App& command, std::string& folder) {
  command.add_option("--rules", folder, "Folder of additional rule packs");
}

std::shared_ptr<const RuleSet> load_rules(const std::string& folder,
                                          const std::vector<std::string>& disabled,
                                          std::optional<Pack> more) {
  std::vector<Pack> packs = all_packs(folder);
  if (more) packs.push_back(*std::move(more));
  auto rules = RuleSet::compile(packs, disabled);
  for (const RefusedRule& refused : rules->refused())
    std::fprintf(stderr, "lastgasp: %s\n", escaped(text_of(refused)).c_str());
  return rules;
}

std::string platforms_text(const Rule& rule) {
  std::string text;
  for (const std::string& platform : rule.platforms) text += (text.empty() ? "" : ", ") + platform;
  return text.empty() ? "any" : text;
}

}  // namespace lastgasp
