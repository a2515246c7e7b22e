#include <cstdio>
#include <memory>

#include "collector/cli/commands.h"
#include "collector/cli/options.h"
#include "collector/cli/terminal.h"
#include "collector/core/bytes.h"
#include "exporters/web/boot_comparison.h"

namespace lastgasp {
namespace {

struct DiffOptions {
  std::string console;
  std::size_t older = 2, newer = 1;
  DataOption data;
  Output output = Output::text;
};

void print_boot(const char* sign, Style style, const ComparedBoot& compared) {
  const FoundBoot& found = compared.boot.found;
  const std::string text = std::string(sign) + " " + escaped(found.console) + " boot " +
                           std::to_string(found.number) + "  " + when_and_why(found.boot) + "  " +
                           std::to_string(compared.lines) + " lines";
  print_line(styled(style, text));
}

void print_text(const BootComparison& comparison) {
  print_boot("---", Style::red, comparison.older);
  print_boot("+++", Style::green, comparison.newer);
  for (const BootChange& change : comparison.diff.changes) {
    const std::string times =
        change.count > 1 ? "  (" + std::to_string(change.count) + " times)" : "";
    print_line(styled(change.added ? Style::green : Style::red,
                      (change.added ? "+ " : "- ") + escaped(change.line.text) + times));
  }
  const BootDiff& diff = comparison.diff;
  print_line(std::to_string(diff.added) + " new, " + std::to_string(diff.missing) + " missing, " +
             std::to_string(diff.same) + " in both");
}

int diff(const DiffOptions& options) {
  TranscriptReader reader(options.data.resolve());
  const BootComparison comparison =
      compare_boots(reader, options.console, options.older, options.newer);
  for (const ComparedBoot* one : {&comparison.older, &comparison.newer})
    if (!one->complete)
      std::fprintf(stderr, "lastgasp: of boot %zu only what came up to %s is compared\n",
                   one->boot.found.number, format_utc(one->reached).c_str());
  if (options.output == Output::text) print_text(comparison);
  if (options.output == Output::json) print_line(comparison_json(comparison));
  if (options.output == Output::jsonl)
    for (const BootChange& change : comparison.diff.changes) print_line(change_json(change));
  return comparison.diff.changes.empty() ? kNothing : kFound;
}

}  // namespace

void add_diff(CLI::App& program, Chosen& chosen) {
  auto options = std::make_shared<DiffOptions>();
  auto* command = program.add_subcommand(
      "diff", "Lines that one boot of a console printed and another did not, but for numbers");
  command->add_option("console", options->console, "Its name")->required();
  command->add_option("boot", options->older, "The older boot, counted back from 1, the last")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command->add_option("other", options->newer, "The newer boot")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  add_data(*command, options->data);
  add_output(*command, options->output);
  command->footer(
      "A boot is compared from its banner until the system is up, or until the next banner; of it, "
      "half an\nhour and 20,000 lines at most. Exit status 0 when they differ, 1 when they do "
      "not.");
  command->callback([options, &chosen] { chosen = [options] { return diff(*options); }; });
}

}  // namespace lastgasp
