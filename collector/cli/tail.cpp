#include <chrono>
#include <csignal>
#include <cstdio>
#include <memory>
#include <thread>

#include "collector/cli/commands.h"
#include "collector/cli/options.h"
#include "collector/cli/print_lines.h"
#include "exporters/web/stored_boots.h"

namespace lastgasp {
namespace {

constexpr auto kFollowEvery = std::chrono::milliseconds(200);

struct TailOptions {
  std::string console;
  std::size_t lines = 20;
  bool follow = false;
  bool ids = false;
  BootOption boot;
  DataOption data;
  Output output = Output::text;
};

int tail(const TailOptions& options) {
  const SystemClock clock;
  TranscriptReader reader(options.data.resolve());
  const std::string& console = options.console;
  require_console(reader, console);
  const TimeRange range =
      options.boot.number > 0 ? options.boot.resolve(reader, {console}) : TimeRange{};
  LinePrinter printer(options.output, options.ids);
  // The cursor of what follows is set before the tail is read, so that nothing falls in between.
  if (options.follow) reader.follow({console}, clock.now());
  std::size_t printed = 0;
  for (const FoundLine& line : reader.tail(console, options.lines, range.to)) {
    if (line.at < range.from) continue;
    printer.print(line);
    ++printed;
  }
  std::fflush(stdout);
  if (options.follow) std::signal(SIGPIPE, SIG_DFL);
  while (options.follow) {
    // An unended line comes again when it ends.
    for (const FoundLine& line : reader.follow({console}, clock.now()))
      if (!line.partial || options.output == Output::text) printer.print(line);
    std::fflush(stdout);
    std::this_thread::sleep_for(kFollowEvery);
  }
  printer.end();
  return printed > 0 ? kFound : kNothing;
}

}  // namespace

void add_tail(CLI::App& program, Chosen& chosen) {
  auto options = std::make_shared<TailOptions>();
  auto* command = program.add_subcommand("tail", "Print the last lines of one console");
  command->add_option("console", options->console, "Its name")->required();
  command->add_option("-n,--lines", options->lines, "How many")->capture_default_str();
  auto* follow = command->add_flag("-f,--follow", options->follow, "Go on with what it prints");
  add_boot(*command, options->boot)->excludes(follow);
  add_ids(*command, options->ids);
  add_data(*command, options->data);
  add_output(*command, options->output);
  command->callback([options, &chosen] { chosen = [options] { return tail(*options); }; });
}

}  // namespace lastgasp
