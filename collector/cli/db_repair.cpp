#include <memory>
#include <nlohmann/json.hpp>

#include "collector/cli/db_commands.h"
#include "collector/cli/options.h"
#include "collector/cli/recording.h"
#include "collector/cli/terminal.h"
#include "collector/core/bytes.h"
#include "collector/transcript/repair.h"

namespace lastgasp {
namespace {

using Json = nlohmann::ordered_json;

struct RepairOptions {
  std::string path, into;
  Output output = Output::text;
};

std::string text_of(const Loss& loss) {
  std::string text = "lost: " + loss.what;
  if (loss.raw_bytes > 0) text += ", " + format_bytes(loss.raw_bytes);
  for (bool first = true; const std::string& console : loss.consoles) {
    text += (first ? " of " : ", ") + console;
    first = false;
  }
  if (loss.has_times()) text += ", " + format_utc(loss.t0) + " to " + format_utc(loss.t1);
  return text;
}

Json json_of(const Loss& loss) {
  Json json{{"what", loss.what},
            {"consoles", Json::array()},
            {"from", nullptr},
            {"to", nullptr},
            {"raw_bytes", loss.raw_bytes}};
  for (const std::string& console : loss.consoles) json["consoles"].push_back(to_utf8(console));
  if (loss.has_times()) {
    json["from"] = format_utc(loss.t0);
    json["to"] = format_utc(loss.t1);
  }
  return json;
}

void print_text(const RepairedFile& file) {
  const std::string name = file.file.string();
  if (!file.failure.empty()) return print_line(escaped(name + ": " + file.failure));
  const Salvaged& saved = file.salvaged;
  for (const std::string& note : saved.notes) print_line(escaped(name + ": " + note));
  for (const Loss& loss : saved.losses) print_line(escaped(name + ": " + text_of(loss)));
  print_line(escaped(
      name + ": saved " + std::to_string(saved.blocks) + " blocks, " +
      std::to_string(saved.journal_rows) + " journal rows, " + std::to_string(saved.consoles) +
      " consoles, " + std::to_string(saved.incidents) + " incidents, " +
      format_bytes(saved.raw_bytes) + "; the damaged file is " + file.original.string()));
}

Json json_of(const RepairedFile& file) {
  Json json{{"file", to_utf8(file.file.string())}, {"damaged", to_utf8(file.original.string())}};
  if (!file.failure.empty()) {
    json["failure"] = file.failure;
    return json;
  }
  const Salvaged& saved = file.salvaged;
  json.update(Json{{"blocks", saved.blocks},
                   {"journal_rows", saved.journal_rows},
                   {"consoles", saved.consoles},
                   {"incidents", saved.incidents},
                   {"raw_bytes", saved.raw_bytes},
                   {"notes", saved.notes},
                   {"losses", Json::array()}});
  for (const Loss& loss : saved.losses) json["losses"].push_back(json_of(loss));
  return json;
}

int run_repair(const RepairOptions& options) {
  std::optional<std::filesystem::path> into;
  if (!options.into.empty()) into = options.into;
  std::vector<RepairedFile> files;
  {
    Progress progress("checking");
    files = repair(options.path, into, [&](std::uint64_t bytes) { progress.at(bytes); });
  }
  bool failed = false;
  Json document = Json::array();
  for (const RepairedFile& file : files) {
    failed = failed || !file.failure.empty();
    if (options.output == Output::text) print_text(file);
    if (options.output == Output::jsonl) print_line(json_of(file).dump());
    document.push_back(json_of(file));
  }
  if (options.output == Output::json) print_line(document.dump(2));
  if (options.output == Output::text && files.empty()) print_line("nothing is damaged");
  return failed ? kNothing : kFound;
}

}  // namespace

void add_db_repair(CLI::App& db, Chosen& chosen) {
  auto options = std::make_shared<RepairOptions>();
  auto* command = db.add_subcommand(
      "repair", "Save what is readable of damaged files; these are kept as *.damaged");
  command->add_option("path", options->path, "Folder, or one database file of it")->required();
  command->add_option("--into", options->into,
                      "Write there, sound files too, and leave the damaged folder alone");
  add_output(*command, options->output);
  command->callback([options, &chosen] { chosen = [options] { return run_repair(*options); }; });
}

}  // namespace lastgasp
