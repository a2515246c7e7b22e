#include "collector/cli/db_commands.h"

namespace lastgasp {

void add_db(CLI::App& program, Chosen& chosen) {
  auto* command =
      program.add_subcommand("db", "The stored transcripts: numbers, checks, repair, export");
  command->require_subcommand(1);
  add_db_info(*command, chosen);
  add_db_check(*command, chosen);
  add_db_repair(*command, chosen);
  add_db_export(*command, chosen);
}

}  // namespace lastgasp
