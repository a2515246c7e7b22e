#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "collector/app/config.h"
#include "collector/cli/backtest.h"
#include "collector/cli/options.h"
#include "collector/cli/print_incidents.h"
#include "collector/cli/rule_options.h"
#include "collector/cli/rules_commands.h"
#include "collector/cli/terminal.h"
#include "collector/core/bytes.h"

namespace lastgasp {
namespace {

using Json = nlohmann::ordered_json;

struct BacktestOptions {
  std::string pack, folder;
  std::vector<std::string> consoles;
  DataOption data;
  RangeOption range{.since = "30d", .until = ""};
  Output output = Output::text;
};

void print_text(const char* group, Style style, const Incident& incident,
                const std::string& stored) {
  std::string where =
      styled(style, group) + "  " + format_utc(incident.opened) + "  " + escaped(incident.console);
  if (!incident.rule.empty()) where += "  " + styled(Style::dim, incident.rule);
  where += stored;
  IncidentPrinter(Output::text).print(incident, where);
}

// " (incident 7)", and its title when these rules give another.
std::string stored_as(const Incident& stored, const std::string& title) {
  return "  (incident " + std::to_string(stored.id) +
         (stored.title == title ? "" : ", then \"" + escaped(stored.title) + "\"") + ")";
}

void print_text(const Backtest& result, const TimeRange& range) {
  for (const Backtest::Pair& pair : result.same)
    print_text("same", Style::dim, pair.replayed, stored_as(pair.stored, pair.replayed.title));
  for (const Incident& incident : result.fresh) print_text("new ", Style::green, incident, "");
  for (const Incident& incident : result.gone)
    print_text("gone", Style::red, incident, stored_as(incident, incident.title));
  print_line(std::to_string(result.same.size()) + " same, " + std::to_string(result.fresh.size()) +
             " new, " + std::to_string(result.gone.size()) + " gone; " +
             std::to_string(result.consoles) + " consoles, " + format_bytes(result.bytes) +
             ", from " + format_utc(range.from) + " to " + format_utc(range.to));
}

Json json_of(const char* group, const Incident& incident, const Incident* stored) {
  Json json{{"group", group}, {"incident", Json::parse(to_json(incident))}};
  if (stored) json["stored"] = {{"id", stored->id}, {"title", to_utf8(stored->title)}};
  return json;
}

void print_json(const Backtest& result, const TimeRange& range, Output output) {
  Json same = Json::array(), fresh = Json::array(), gone = Json::array();
  for (const auto& pair : result.same) same.push_back(json_of("same", pair.replayed, &pair.stored));
  for (const auto& incident : result.fresh) fresh.push_back(json_of("new", incident, nullptr));
  for (const auto& incident : result.gone) gone.push_back(json_of("gone", incident, &incident));
  if (output == Output::jsonl) {
    for (const Json* group : {&same, &fresh, &gone})
      for (const Json& row : *group) print_line(row.dump());
    return;
  }
  print_line(Json{{"same", same},
                  {"new", fresh},
                  {"gone", gone},
                  {"consoles", result.consoles},
                  {"bytes", result.bytes},
                  {"from", format_utc(range.from)},
                  {"to", format_utc(range.to)}}
                 .dump(2));
}

BacktestSettings settings_of(const BacktestOptions& options, const Config& config) {
  const WallTime now = SystemClock().now().wall;
  BacktestSettings settings;
  settings.consoles = options.consoles;
  settings.range = options.range.resolve(now);
  settings.range.to = std::min(settings.range.to, now);
  settings.incidents = config.incidents;
  for (const ConsoleConfig& console : config.consoles)
    if (!console.platform.empty()) settings.platforms[console.name] = console.platform;
  return settings;
}

int run(const BacktestOptions& options) {
  const Config config = options.data.configuration().value_or(default_config());
  const BacktestSettings settings = settings_of(options, config);
  std::optional<Pack> pack;
  if (!options.pack.empty()) pack = load_pack(options.pack);
  Matching matching = make_matching(
      load_rules(options.folder.empty() ? config.rule_folder.string() : options.folder,
                 config.disabled_rules, std::move(pack)));
  TranscriptReader reader(options.data.resolve());
  Backtest result;
  {
    Progress progress("reading");
    result = backtest(reader, matching, settings,
                      [&](std::uint64_t bytes, WallTime at) { progress.at(bytes, at); });
  }
  tell_damaged(result.damaged_blocks);
  if (options.output == Output::text) {
    print_text(result, settings.range);
  } else {
    print_json(result, settings.range, options.output);
  }
  return result.same.size() + result.fresh.size() + result.gone.size() > 0 ? kFound : kNothing;
}

}  // namespace

void add_rules_backtest(CLI::App& rules, Chosen& chosen) {
  auto options = std::make_shared<BacktestOptions>();
  auto* command = rules.add_subcommand(
      "backtest",
      "Run the rules over stored transcripts (of 30 days): which incidents would be the same, new "
      "or gone");
  command->add_option("pack", options->pack, "A pack to try: adds rules, or replaces them by id");
  command->add_option("--console", options->consoles, "Only these consoles (globs)");
  add_range(*command, options->range);
  add_rules_folder(*command, options->folder);
  add_data(*command, options->data);
  add_output(*command, options->output);
  command->callback([options, &chosen] { chosen = [options] { return run(*options); }; });
}

}  // namespace lastgasp
