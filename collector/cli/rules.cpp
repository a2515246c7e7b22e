#include "collector/cli/rules_commands.h"

namespace lastgasp {

void add_rules(CLI::App& program, Chosen& chosen) {
  auto* command =
      program.add_subcommand("rules", "What is recognised: list, explain, try out and find rules");
  command->require_subcommand(0, 1);
  add_rules_list(*command, chosen);
  add_rules_show(*command, chosen);
  add_rules_explain(*command, chosen);
  add_rules_test(*command, chosen);
  add_rules_backtest(*command, chosen);
  add_rules_suggest(*command, chosen);
  add_rules_coverage(*command, chosen);
  add_rules_redact(*command, chosen);
}

}  // namespace lastgasp
