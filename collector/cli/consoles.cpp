#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "collector/cli/commands.h"
#include "collector/cli/options.h"
#include "collector/cli/terminal.h"
#include "collector/core/bytes.h"
#include "exporters/web/stored_boots.h"

namespace lastgasp {
namespace {

struct ConsolesOptions {
  std::vector<LabelMatch> labels;
  DataOption data;
  Output output = Output::text;
};

std::string state_of(const ConsoleRow& console) {
  const bool reason = !console.reason.empty() && console.reason != "none";
  return console.state + (reason ? " (" + console.reason + ")" : "");
}

std::string json_of(const ConsoleRow& console, const ConsoleLabels& labels,
                    std::size_t open_incidents, const BootRow& boot) {
  nlohmann::ordered_json json{{"name", to_utf8(console.name)},
                              {"endpoint", to_utf8(console.endpoint)},
                              {"platform", to_utf8(console.platform)},
                              {"labels", nlohmann::ordered_json::object()},
                              {"state", console.state},
                              {"reason", console.reason},
                              {"state_since", format_utc(console.state_since)},
                              {"last_received", nullptr},
                              {"stored_bytes", console.stored_bytes},
                              {"open_incidents", open_incidents},
                              {"last_boot", nullptr}};
  for (const auto& [name, value] : labels) json["labels"][to_utf8(name)] = to_utf8(value);
  if (console.last_received != WallTime{})
    json["last_received"] = format_utc(console.last_received);
  if (boot.began != WallTime{})
    json["last_boot"] = {{"began", format_utc(boot.began)}, {"reason", boot.reason}};
  return json.dump();
}

int list(const ConsolesOptions& options) {
  TranscriptReader reader(options.data.resolve());
  std::map<ConsoleId, std::size_t> open;
  IncidentQuery open_query;
  open_query.open_only = true;
  open_query.limit = 100'000;
  open_query.bodies = false;
  for (const IncidentRow& row : reader.incidents(open_query)) ++open[row.console];
  BootQuery last_query;
  last_query.last = 1;
  last_query.limit = SIZE_MAX;
  std::map<ConsoleId, BootRow> last_boot;
  for (FoundBoot& found : reader.boots(last_query))
    last_boot[found.boot.console] = std::move(found.boot);
  auto labels = reader.labels();
  auto consoles = reader.consoles();
  std::erase_if(consoles, [&](const ConsoleRow& console) {
    return !matches(labels[console.id], options.labels);
  });
  Table table(
      {"CONSOLE", "STATE", "PLATFORM", "LAST RECEIVED", "LAST BOOT", "STORED", "OPEN", "ENDPOINT"});
  std::string document;
  for (const ConsoleRow& console : consoles) {
    const BootRow& boot = last_boot[console.id];
    const std::string json = json_of(console, labels[console.id], open[console.id], boot);
    if (options.output == Output::jsonl) print_line(json);
    if (options.output == Output::json) document += (document.empty() ? "[" : ",\n ") + json;
    const bool never = console.last_received == WallTime{};
    table.add({console.name, state_of(console), console.platform.empty() ? "-" : console.platform,
               never ? "never" : format_utc(console.last_received),
               boot.began == WallTime{} ? "-" : when_and_why(boot),
               format_bytes(console.stored_bytes), std::to_string(open[console.id]),
               console.endpoint});
  }
  if (options.output == Output::text) table.print();
  if (options.output == Output::json) print_line(document.empty() ? "[]" : document + "]");
  return consoles.empty() ? kNothing : kFound;
}

}  // namespace

void add_consoles(CLI::App& program, Chosen& chosen) {
  auto options = std::make_shared<ConsolesOptions>();
  auto* command = program.add_subcommand("consoles", "List the consoles as last recorded");
  add_labels(*command, options->labels);
  add_data(*command, options->data);
  add_output(*command, options->output);
  command->callback([options, &chosen] { chosen = [options] { return list(*options); }; });
}

}  // namespace lastgasp
