#include <memory>

#include "collector/app/config.h"
#include "collector/app/rule_source.h"
#include "collector/cli/commands.h"
#include "collector/cli/options.h"
#include "collector/cli/terminal.h"
#include "collector/core/bytes.h"
#include "rules/redaction/redaction_evidence.h"

namespace lastgasp {
namespace {

int tell(const std::string& file, const std::vector<PackProblem>& problems) {
  for (const PackProblem& problem : problems)
    print_line(escaped(file) + ":" + std::to_string(problem.line) + ": " + problem.rule + ": " +
               escaped(problem.text));
  return static_cast<int>(problems.size());
}

int problems_of(const std::vector<Pack>& packs, const RuleSet& rules) {
  int problems = 0;
  for (const Pack& pack : packs) problems += tell(pack.file, test_pack(pack));
  for (const RefusedRule& refused : rules.refused()) {
    ++problems;
    print_line(escaped(text_of(refused)));
  }
  return problems;
}

int check(const std::string& file) {
  try {
    const Config config = load_config(file);
    check_protection(config);
    const auto packs = all_packs(config.rule_folder);
    const auto rules = RuleSet::compile(packs, config.disabled_rules);
    const auto redaction = all_redaction_packs(config.redaction_folder);
    RedactionSet::compile(redaction, config.disabled_redactions);
    int problems = problems_of(packs, *rules);
    for (const RedactionPack& pack : redaction)
      problems += tell(pack.file, test_redaction_pack(pack));
    if (problems > 0) return kNothing;
    print_line(file + ": fine, " + std::to_string(config.consoles.size()) + " consoles, " +
               std::to_string(rules->rules().size()) + " rules");
    return kFound;
  } catch (const Error& error) {
    print_line(error.what());
    return kNothing;
  }
}

}  // namespace

void add_check(CLI::App& program, Chosen& chosen) {
  auto file = std::make_shared<std::string>(kSystemConfig);
  auto* command =
      program.add_subcommand("check", "Validate a configuration, its consoles and all rules");
  command->add_option("--config,config", *file, "Configuration file")->capture_default_str();
  command->callback([file, &chosen] { chosen = [file] { return check(*file); }; });
}

}  // namespace lastgasp
