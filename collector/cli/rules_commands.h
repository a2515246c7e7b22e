// The commands below `lastgasp rules`, one file each; as in commands.h.
#pragma once

#include "collector/cli/commands.h"

namespace lastgasp {

void add_rules_list(CLI::App& rules, Chosen& chosen);
void add_rules_show(CLI::App& rules, Chosen& chosen);
void add_rules_test(CLI::App& rules, Chosen& chosen);
void add_rules_explain(CLI::App& rules, Chosen& chosen);
void add_rules_backtest(CLI::App& rules, Chosen& chosen);
void add_rules_suggest(CLI::App& rules, Chosen& chosen);
void add_rules_coverage(CLI::App& rules, Chosen& chosen);
void add_rules_redact(CLI::App& rules, Chosen& chosen);

}  // namespace lastgasp
