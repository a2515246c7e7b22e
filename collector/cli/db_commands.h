// The commands below `lastgasp db`, one file each; see commands.h.
#pragma once

#include "collector/cli/commands.h"

namespace lastgasp {

void add_db_info(CLI::App& db, Chosen& chosen);
void add_db_check(CLI::App& db, Chosen& chosen);
void add_db_repair(CLI::App& db, Chosen& chosen);
void add_db_export(CLI::App& db, Chosen& chosen);

}  // namespace lastgasp
