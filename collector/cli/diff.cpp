#include <algorithm>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "collector/cli/boot_diff.h"
#include "collector/cli/commands.h"
#include "collector/cli/options.h"
#include "collector/cli/stored_boots.h"
#include "collector/cli/terminal.h"
#include "collector/core/bytes.h"

namespace lastgasp {
namespace {

constexpr std::size_t kMostLines = 20'000;  // of a boot
constexpr Micros kLongest = std::chrono::minutes(30);

struct DiffOptions {
  std::string console;
  std::size_t older = 2, newer = 1;
  DataOption data;
  Output output = Output::text;
};

// From the banner to the line that says the system is up, or without one to the next banner: what
// takes longer than any boot is life after it.
TimeRange range_of(const StoredBoot& boot) {
  const BootRow& row = boot.found.boot;
  const WallTime end = row.done == WallTime{} ? boot.next : row.done + Micros(1);
  return {row.began, std::min(end, row.began + kLongest)};
}

std::vector<BootLine> lines_of(TranscriptReader& reader, const StoredBoot& boot) {
  Query query;
  query.consoles = {boot.found.console};
  query.range = range_of(boot);
  query.newest_first = false;
  query.limit = kMostLines;
  std::vector<BootLine> lines;
  const SearchEnd end = reader.search(query, [&](const FoundLine& line) {
    if (line.kind == RecordKind::data && line.console == boot.found.console)
      lines.push_back({line.at, line.text});
    return true;
  });
  if (!end.complete)
    std::fprintf(stderr, "lastgasp: of boot %zu only what came up to %s is compared\n",
                 boot.found.number, format_utc(end.reached).c_str());
  return lines;
}

struct Compared {
  StoredBoot older, newer;
  std::size_t older_lines = 0, newer_lines = 0;
  BootDiff diff;
};

void print_boot(const char* sign, Style style, const FoundBoot& found, std::size_t lines) {
  const std::string text = std::string(sign) + " " + escaped(found.console) + " boot " +
                           std::to_string(found.number) + "  " + when_and_why(found.boot) + "  " +
                           std::to_string(lines) + " lines";
  print_line(styled(style, text));
}

void print_text(const Compared& compared) {
  print_boot("---", Style::red, compared.older.found, compared.older_lines);
  print_boot("+++", Style::green, compared.newer.found, compared.newer_lines);
  for (const BootChange& change : compared.diff.changes) {
    const std::string times =
        change.count > 1 ? "  (" + std::to_string(change.count) + " times)" : "";
    print_line(styled(change.added ? Style::green : Style::red,
                      (change.added ? "+ " : "- ") + escaped(change.line.text) + times));
  }
  const BootDiff& diff = compared.diff;
  print_line(std::to_string(diff.added) + " new, " + std::to_string(diff.missing) + " missing, " +
             std::to_string(diff.same) + " in both");
}

nlohmann::ordered_json json_of(const BootChange& change) {
  return {{"change", change.added ? "new" : "missing"},
          {"at", format_utc(change.line.at)},
          {"count", change.count},
          {"text", to_utf8(change.line.text)}};
}

nlohmann::ordered_json json_of(const FoundBoot& found, std::size_t lines) {
  return {{"number", found.number},
          {"began", format_utc(found.boot.began)},
          {"reason", found.boot.reason},
          {"lines", lines}};
}

std::string document(const Compared& compared) {
  nlohmann::ordered_json json{{"console", to_utf8(compared.newer.found.console)},
                              {"older", json_of(compared.older.found, compared.older_lines)},
                              {"newer", json_of(compared.newer.found, compared.newer_lines)},
                              {"new", compared.diff.added},
                              {"missing", compared.diff.missing},
                              {"same", compared.diff.same},
                              {"changes", nlohmann::ordered_json::array()}};
  for (const BootChange& change : compared.diff.changes) json["changes"].push_back(json_of(change));
  return json.dump();
}

int diff(const DiffOptions& options) {
  TranscriptReader reader(options.data.resolve());
  require_console(reader, options.console);
  Compared compared;
  compared.older = stored_boot(reader, options.console, options.older);
  compared.newer = stored_boot(reader, options.console, options.newer);
  const auto older = lines_of(reader, compared.older);
  const auto newer = lines_of(reader, compared.newer);
  compared.older_lines = older.size();
  compared.newer_lines = newer.size();
  compared.diff = diff_boots(older, newer);
  if (options.output == Output::text) print_text(compared);
  if (options.output == Output::json) print_line(document(compared));
  if (options.output == Output::jsonl)
    for (const BootChange& change : compared.diff.changes) print_line(json_of(change).dump());
  return compared.diff.changes.empty() ? kNothing : kFound;
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
