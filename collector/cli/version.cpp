#include "collector/app/daemon.h"
#include "collector/cli/commands.h"
#include "collector/cli/terminal.h"

namespace lastgasp {

void add_version(CLI::App& program, Chosen& chosen) {
  auto* command = program.add_subcommand("version", "Print the version");
  command->callback([&chosen] {
    chosen = [] {
      const Version v = version();
      print_line("lastgasp " + v.number + (v.revision.empty() ? "" : " (" + v.revision + ")"));
      return kFound;
    };
  });
}

}  // namespace lastgasp
