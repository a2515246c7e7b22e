#include <algorithm>
#include <cmath>
#include <memory>

#include "collector/cli/commands.h"
#include "collector/cli/options.h"
#include "collector/cli/terminal.h"
#include "exporters/web/similar_incidents.h"

namespace lastgasp {
namespace {

struct SimilarOptions {
  IncidentId id = 0;
  std::size_t limit = 20;
  DataOption data;
  Output output = Output::text;
};

std::string likeness(const SimilarIncidents& match) {
  if (match.same_fingerprint) return "same crash";
  return std::to_string(std::lround(match.similarity * 100)) + "% of words";
}

int similar(const SimilarOptions& options) {
  TranscriptReader reader(options.data.resolve());
  auto matches = similar_incidents(reader, options.id);
  matches.resize(std::min(matches.size(), options.limit));
  Table table({"SIMILAR", "CONSOLE", "TIMES", "LAST", "INCIDENT", "TITLE"});
  std::string document;
  for (const SimilarIncidents& match : matches) {
    if (options.output == Output::jsonl) print_line(similar_json(match));
    if (options.output == Output::json)
      document += (document.empty() ? "[" : ",\n ") + similar_json(match);
    table.add({likeness(match), match.console.empty() ? "-" : match.console,
               std::to_string(match.count), format_utc(match.last.opened),
               std::to_string(match.last.id), match.last.title});
  }
  if (options.output == Output::text && !matches.empty()) table.print();
  if (options.output == Output::json) print_line(document.empty() ? "[]" : document + "]");
  return matches.empty() ? kNothing : kFound;
}

}  // namespace

void add_similar(CLI::App& program, Chosen& chosen) {
  auto options = std::make_shared<SimilarOptions>();
  auto* command = program.add_subcommand(
      "similar", "Where else an incident was seen: by its fingerprint, then by its title's words");
  command->add_option("incident", options->id, "Its number")->required();
  command->add_option("-n,--limit", options->limit, "At most so many")->capture_default_str();
  add_data(*command, options->data);
  add_output(*command, options->output);
  command->callback([options, &chosen] { chosen = [options] { return similar(*options); }; });
}

}  // namespace lastgasp
