#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "collector/cli/db_commands.h"
#include "collector/cli/options.h"
#include "collector/cli/recording.h"
#include "collector/cli/terminal.h"
#include "collector/core/bytes.h"
#include "collector/transcript/verify.h"

namespace lastgasp {
namespace {

using Json = nlohmann::ordered_json;

struct CheckOptions {
  std::string path;
  DataOption data;
  Output output = Output::text;
};

std::string text_of(const Problem& problem) {
  std::string where = problem.file.string() + ": ";
  if (!problem.table.empty()) where += problem.table + " ";
  if (problem.row != 0) where += std::to_string(problem.row);
  if (where.back() == ' ' && !problem.table.empty()) where.pop_back();
  return where + (problem.table.empty() ? "" : ": ") + problem.what;
}

Json json_of(const Problem& problem) {
  return {{"file", to_utf8(problem.file.string())},
          {"table", problem.table.empty() ? Json(nullptr) : Json(problem.table)},
          {"row", problem.row == 0 ? Json(nullptr) : Json(problem.row)},
          {"what", to_utf8(problem.what)}};
}

void print_text(const Verified& verified, const std::string& path) {
  for (const Problem& problem : verified.problems) print_line(escaped(text_of(problem)));
  const std::string read =
      std::to_string(verified.files) + " files, " + std::to_string(verified.blocks) + " blocks, " +
      std::to_string(verified.journal_rows) + " journal rows, " + format_bytes(verified.raw_bytes);
  if (verified.problems.empty()) return print_line("fine: " + read);
  print_line(std::to_string(verified.problems.size()) + " problems in " + read);
  print_line("What is sound is still found by search. To save it into a new file, stop the daemon");
  print_line("and run: lastgasp db repair " + escaped(path));
}

void print_json(const Verified& verified, Output output) {
  Json problems = Json::array();
  for (const Problem& problem : verified.problems) {
    problems.push_back(json_of(problem));
    if (output == Output::jsonl) print_line(problems.back().dump());
  }
  if (output == Output::jsonl) return;
  print_line(Json{
      {"files", verified.files},
      {"blocks", verified.blocks},
      {"journal_rows", verified.journal_rows},
      {"raw_bytes", verified.raw_bytes},
      {"problems",
       problems}}.dump(2));
}

int check(const CheckOptions& options) {
  const std::string path = options.path.empty() ? options.data.resolve().string() : options.path;
  Verified verified;
  {
    Progress progress("checking");
    verified = verify(path, [&](std::uint64_t bytes) { progress.at(bytes); });
  }
  if (options.output == Output::text) {
    print_text(verified, path);
  } else {
    print_json(verified, options.output);
  }
  return verified.problems.empty() ? kFound : kNothing;
}

}  // namespace

void add_db_check(CLI::App& db, Chosen& chosen) {
  auto options = std::make_shared<CheckOptions>();
  auto* command = db.add_subcommand(
      "check", "Verify every checksum and that all files agree; only reads, also a live folder");
  command->add_option("path", options->path, "Folder, or one database file of it");
  add_data(*command, options->data);
  add_output(*command, options->output);
  command->callback([options, &chosen] { chosen = [options] { return check(*options); }; });
}

}  // namespace lastgasp
