// The rules in force: compiled of what a configuration names, a copy for each shard, and compiled
// again only when something they are made of has changed. One thread at a time.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "collector/app/config.h"
#include "rules/engine/rule_set.h"
#include "rules/redaction/redactor.h"

namespace lastgasp {

class ActiveRules {
 public:
  explicit ActiveRules(std::size_t copies) : copies_(copies) {}

  // False when all is as it was. Throws FileError or Error, and the rules stay as they were.
  bool load(const Config& config);

  // After the first load().
  const std::shared_ptr<const RuleSet>& copy(std::size_t index) const { return copies_[index]; }
  const RuleSet& rules() const { return *copies_.front(); }
  const Redactor::Rules& redaction() const { return redaction_; }

 private:
  using Texts = std::map<std::filesystem::path, std::string>;
  // All that rules are made of besides the packs of the program.
  struct Sources {
    Texts packs, redaction_packs;
    std::vector<std::string> disabled, disabled_redactions;
    bool operator==(const Sources&) const = default;
  };

  static Texts texts_in(const std::filesystem::path& folder);

  Sources sources_;
  std::vector<std::shared_ptr<const RuleSet>> copies_;
  Redactor::Rules redaction_;
};

}  // namespace lastgasp
