#include "collector/app/active_rules.h"

#include <future>

#include "collector/app/rule_source.h"
#include "rules/engine/in_parallel.h"

namespace lastgasp {

ActiveRules::Texts ActiveRules::texts_in(const std::filesystem::path& folder) {
  Texts texts;
  if (folder.empty()) return texts;
  for (const auto& file : pack_files(folder)) texts.emplace(file, pack_text(file));
  return texts;
}

// A start takes as long as this does, so what can be done at once is.
bool ActiveRules::load(const Config& config) {
  Sources sources{texts_in(config.rule_folder), texts_in(config.redaction_folder),
                  config.disabled_rules, config.disabled_redactions};
  if (redaction_ && sources == sources_) return false;
  auto redaction = std::async(std::launch::async, [&config] {
    return compile_redaction(config.redaction_folder, config.disabled_redactions);
  });
  const std::vector<Pack> packs = all_packs(config.rule_folder);
  std::vector<std::shared_ptr<const RuleSet>> copies(copies_.size());
  in_parallel(copies.size(),
              [&](std::size_t i) { copies[i] = RuleSet::compile(packs, config.disabled_rules); });
  redaction_ = redaction.get();  // throws when wrong, and nothing else does from here on
  copies_ = std::move(copies);
  sources_ = std::move(sources);
  return true;
}

}  // namespace lastgasp
