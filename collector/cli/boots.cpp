#include <memory>

#include "collector/cli/commands.h"
#include "collector/cli/options.h"
#include "collector/cli/terminal.h"
#include "collector/core/bytes.h"
#include "exporters/web/stored_boots.h"

namespace lastgasp {
namespace {

struct BootsOptions {
  BootQuery query;
  DataOption data;
  RangeOption range;
  Output output = Output::text;
};

int list(BootsOptions options) {
  options.query.range = options.range.resolve(SystemClock().now().wall);
  TranscriptReader reader(options.data.resolve());
  const auto boots = reader.boots(options.query);
  Table table({"CONSOLE", "BOOT", "BEGAN", "TOOK", "REASON", "EVIDENCE"});
  std::string document;
  for (const FoundBoot& found : boots) {
    const BootRow& boot = found.boot;
    if (options.output == Output::jsonl) print_line(boot_json(found));
    if (options.output == Output::json)
      document += (document.empty() ? "[" : ",\n ") + boot_json(found);
    table.add({found.console, std::to_string(found.number), format_utc(boot.began),
               boot.done != WallTime{} ? format_duration(boot.done - boot.began) : "unfinished",
               boot.reason, boot.evidence.empty() ? "-" : boot.evidence});
  }
  if (options.output == Output::text && !boots.empty()) table.print();
  if (options.output == Output::json) print_line(document.empty() ? "[]" : document + "]");
  return boots.empty() ? kNothing : kFound;
}

}  // namespace

void add_boots(CLI::App& program, Chosen& chosen) {
  auto options = std::make_shared<BootsOptions>();
  auto* command = program.add_subcommand(
      "boots", "List boots, newest first: when, how long, and why (boot 1 is the last one)");
  command->add_option("console", options->query.consoles, "Only these consoles (globs)");
  add_labels(*command, options->query.labels);
  command->add_option("-n,--limit", options->query.limit, "At most so many")->capture_default_str();
  add_range(*command, options->range);
  add_data(*command, options->data);
  add_output(*command, options->output);
  command->callback([options, &chosen] { chosen = [options] { return list(*options); }; });
}

}  // namespace lastgasp
