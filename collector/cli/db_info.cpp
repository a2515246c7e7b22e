#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "collector/cli/db_commands.h"
#include "collector/cli/options.h"
#include "collector/cli/terminal.h"
#include "collector/core/bytes.h"
#include "collector/transcript/inspect.h"

namespace lastgasp {
namespace {

using Json = nlohmann::ordered_json;

struct InfoOptions {
  DataOption data;
  Output output = Output::text;
};

double ratio_of(const DayFacts& day) {
  return day.disk_bytes == 0
             ? 0
             : static_cast<double>(day.raw_bytes) / static_cast<double>(day.disk_bytes);
}

std::string one_decimal(double number) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", number);
  return text;
}

Json time_json(WallTime at) { return at == WallTime{} ? Json(nullptr) : Json(format_utc(at)); }

Json json_of(const DayFacts& day) {
  Json json{{"kind", "day"},
            {"day", day.day},
            {"disk_bytes", day.disk_bytes},
            {"raw_bytes", day.raw_bytes},
            {"ratio", ratio_of(day)},
            {"records", day.records},
            {"blocks", day.blocks},
            {"consoles", day.consoles},
            {"from", time_json(day.t0)},
            {"to", time_json(day.t1)},
            {"sealed_seq", day.sealed_seq}};
  if (!day.damage.empty()) json["damage"] = to_utf8(day.damage);
  return json;
}

Json json_of(const std::string& folder, const FolderNumbers& facts) {
  Json json{{"kind", "folder"},
            {"folder", to_utf8(folder)},
            {"format", facts.format},
            {"disk_bytes", facts.disk_bytes},
            {"holder", facts.holder ? Json(*facts.holder) : Json(nullptr)},
            {"consoles", facts.consoles},
            {"incidents", facts.incidents},
            {"open_incidents", facts.open_incidents},
            {"journal",
             {{"rows", facts.journal_rows},
              {"raw_bytes", facts.journal_raw_bytes},
              {"disk_bytes", facts.journal_disk_bytes},
              {"oldest", time_json(facts.journal_oldest)},
              {"sealed_seq", facts.journal_sealed_seq},
              {"last_seq", facts.journal_last_seq}}}};
  if (!facts.journal_damage.empty()) json["damage"] = to_utf8(facts.journal_damage);
  return json;
}

void print_fact(const std::string& label, const std::string& value) {
  std::string padded = label;
  padded.resize(10, ' ');
  print_line(styled(Style::dim, padded) + escaped(value));
}

void print_text(const std::string& folder, const FolderNumbers& facts) {
  print_fact("folder", folder + ", " + format_bytes(facts.disk_bytes) + ", format " +
                           std::to_string(facts.format));
  print_fact("daemon", facts.holder ? *facts.holder : "none");
  print_fact("consoles", std::to_string(facts.consoles));
  print_fact("incidents", std::to_string(facts.incidents) + ", " +
                              std::to_string(facts.open_incidents) + " open");
  std::string journal = std::to_string(facts.journal_rows) + " rows, " +
                        format_bytes(facts.journal_raw_bytes) + " (" +
                        format_bytes(facts.journal_disk_bytes) + " on disk), sealed up to row " +
                        std::to_string(facts.journal_sealed_seq);
  if (facts.journal_rows > 0) journal += ", oldest " + format_utc(facts.journal_oldest);
  print_fact("journal", facts.journal_damage.empty() ? journal : facts.journal_damage);
  if (facts.days.empty()) return;
  Table table({"DAY", "RECORDS", "RAW", "ON DISK", "RATIO", "CONSOLES", "BLOCKS", "SEALED TO",
               "FROM", "TO"});
  for (const DayFacts& day : facts.days) {
    if (!day.damage.empty()) {
      table.add(
          {day.day, "damaged", "-", format_bytes(day.disk_bytes), "-", "-", "-", "-", "-", "-"});
      continue;
    }
    table.add({day.day, std::to_string(day.records), format_bytes(day.raw_bytes),
               format_bytes(day.disk_bytes), one_decimal(ratio_of(day)),
               std::to_string(day.consoles), std::to_string(day.blocks),
               std::to_string(day.sealed_seq), format_utc(day.t0), format_utc(day.t1)});
  }
  table.print();
}

int info(const InfoOptions& options) {
  const std::string folder = options.data.resolve().string();
  const FolderNumbers facts = inspect(folder);
  bool damaged = !facts.journal_damage.empty();
  for (const DayFacts& day : facts.days) damaged = damaged || !day.damage.empty();
  if (options.output == Output::text) {
    print_text(folder, facts);
  } else {
    Json whole = json_of(folder, facts);
    if (options.output == Output::jsonl) print_line(whole.dump());
    whole["days"] = Json::array();
    for (const DayFacts& day : facts.days) {
      if (options.output == Output::jsonl) print_line(json_of(day).dump());
      whole["days"].push_back(json_of(day));
    }
    if (options.output == Output::json) print_line(whole.dump(2));
  }
  if (damaged)
    std::fprintf(stderr, "lastgasp: something is damaged; `lastgasp db check` says what\n");
  return damaged ? kNothing : kFound;
}

}  // namespace

void add_db_info(CLI::App& db, Chosen& chosen) {
  auto options = std::make_shared<InfoOptions>();
  auto* command = db.add_subcommand("info", "What the folder holds, day by day, and how large");
  add_data(*command, options->data);
  add_output(*command, options->output);
  command->callback([options, &chosen] { chosen = [options] { return info(*options); }; });
}

}  // namespace lastgasp
