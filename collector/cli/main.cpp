// lastgasp: the last thing a dying router says, it says on its console.
#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>

#include "collector/cli/commands.h"
#include "collector/core/error.h"

namespace lastgasp {
namespace {

int run_program(int argc, char** argv) {
  CLI::App program{
      "Collects the serial consoles of routers, recognises crashes, keeps every line, and tells.\n"
      "Exit status: 0 found or fine, 1 nothing found or a failed check, 2 wrong usage or an "
      "error."};
  program.name("lastgasp");
  program.require_subcommand(1);
  program.get_formatter()->column_width(34);
  Chosen chosen;
  add_run(program, chosen);
  add_check(program, chosen);
  add_scan(program, chosen);
  add_search(program, chosen);
  add_show(program, chosen);
  add_tail(program, chosen);
  add_incidents(program, chosen);
  add_similar(program, chosen);
  add_boots(program, chosen);
  add_diff(program, chosen);
  add_consoles(program, chosen);
  add_db(program, chosen);
  add_rules(program, chosen);
  add_web_password(program, chosen);
  add_version(program, chosen);
  try {
    program.parse(argc, argv);
    const int status = chosen();
    return std::fflush(stdout) == 0 ? status : kFound;
  } catch (const CLI::ParseError& error) {
    return program.exit(error) == 0 ? kFound : kUsage;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "lastgasp: %s\n", error.what());
    return kUsage;
  }
}

}  // namespace
}  // namespace lastgasp

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  return lastgasp::run_program(argc, argv);
}
