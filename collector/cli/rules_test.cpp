#include <memory>

#include "collector/cli/rules_commands.h"
#include "collector/cli/terminal.h"
#include "collector/core/bytes.h"
#include "rules/engine/rule_set.h"

namespace lastgasp {
namespace {

int test(const std::string& file) {
  const Pack pack = load_pack(file);
  const auto problems = test_pack(pack);
  for (const PackProblem& problem : problems)
    print_line(escaped(pack.file) + ":" + std::to_string(problem.line) + ": " + problem.rule +
               ": " + escaped(problem.text));
  const auto set = RuleSet::compile({&pack, 1});
  std::size_t refused = 0;
  for (const RefusedRule& rule : set->refused()) {
    // What the pack switches off is in packs that are not here.
    if (rule.line == 0) continue;
    ++refused;
    print_line(escaped(text_of(rule)));
  }
  if (!problems.empty() || refused > 0) return kNothing;
  print_line(escaped(pack.file) + ": fine, " + std::to_string(pack.rules.size()) + " rules");
  return kFound;
}

}  // namespace

void add_rules_test(CLI::App& rules, Chosen& chosen) {
  auto file = std::make_shared<std::string>();
  auto* command = rules.add_subcommand("test", "Run the samples and rejects of a pack");
  command->add_option("file", *file, "The pack, a YAML file")->required();
  command->callback([file, &chosen] { chosen = [file] { return test(*file); }; });
}

}  // namespace lastgasp
