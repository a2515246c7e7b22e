#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "collector/cli/commands.h"
#include "collector/cli/options.h"
#include "collector/cli/terminal.h"
#include "collector/core/bytes.h"
#include "rules/incident/fingerprint.h"

namespace lastgasp {
namespace {

constexpr double kAlike = 0.5;  // of the words of both titles, so many in common

struct SimilarOptions {
  IncidentId id = 0;
  std::size_t limit = 20;
  DataOption data;
  Output output = Output::text;
};

// The incidents of one console with one fingerprint.
struct Match {
  IncidentRow last;
  std::string console;
  std::size_t count = 0;
  bool same_fingerprint = false;
  double similarity = 0;  // of the titles, 0 to 1
};

using Words = std::set<std::string>;

// Without what differs from one crash to the next, in lower case.
Words words_of(std::string_view title) {
  Words words;
  std::string word;
  for (const char c : normalised(title) + " ") {
    if (std::isalnum(static_cast<unsigned char>(c)) || c == '_') {
      word += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    } else if (!word.empty()) {
      words.insert(std::exchange(word, {}));
    }
  }
  return words;
}

// How many of the words of either are in both.
double overlap(const Words& a, const Words& b) {
  const auto common = std::count_if(a.begin(), a.end(), [&](auto& w) { return b.count(w) > 0; });
  const auto all = static_cast<double>(a.size() + b.size()) - static_cast<double>(common);
  return all > 0 ? static_cast<double>(common) / all : 0;
}

std::vector<Match> matches_of(TranscriptReader& reader, const IncidentRow& incident) {
  std::map<ConsoleId, std::string> names;
  for (const ConsoleRow& console : reader.consoles()) names[console.id] = console.name;
  const Words words = words_of(incident.title);
  IncidentQuery all;
  all.limit = SIZE_MAX;
  all.bodies = false;
  std::map<std::pair<ConsoleId, std::string>, Match> found;
  for (IncidentRow& row : reader.incidents(all)) {  // newest first
    if (row.id == incident.id) continue;
    Match& match = found[{row.console, row.fingerprint}];
    if (match.count++ > 0) continue;
    match.same_fingerprint = row.fingerprint == incident.fingerprint;
    match.similarity = overlap(words, words_of(row.title));
    match.console = names[row.console];
    match.last = std::move(row);
  }
  std::vector<Match> matches;
  for (auto& [key, match] : found)
    if (match.same_fingerprint || match.similarity >= kAlike) matches.push_back(std::move(match));
  std::stable_sort(matches.begin(), matches.end(), [](const Match& a, const Match& b) {
    const auto rank = [](const Match& m) {
      return std::tuple(m.same_fingerprint, m.similarity, m.last.opened);
    };
    return rank(a) > rank(b);
  });
  return matches;
}

std::string json_of(const Match& match) {
  return nlohmann::ordered_json{{"console", to_utf8(match.console)},
                                {"same_fingerprint", match.same_fingerprint},
                                {"similarity", std::round(match.similarity * 100) / 100},
                                {"incidents", match.count},
                                {"last_id", match.last.id},
                                {"last_opened", format_utc(match.last.opened)},
                                {"kind", match.last.kind},
                                {"title", to_utf8(match.last.title)},
                                {"fingerprint", match.last.fingerprint}}
      .dump();
}

std::string likeness(const Match& match) {
  if (match.same_fingerprint) return "same crash";
  return std::to_string(std::lround(match.similarity * 100)) + "% of words";
}

int similar(const SimilarOptions& options) {
  TranscriptReader reader(options.data.resolve());
  const auto incident = reader.incident(options.id);
  if (!incident)
    throw Error("there is no incident " + std::to_string(options.id) +
                "; `lastgasp incidents` lists them");
  std::vector<Match> matches = matches_of(reader, *incident);
  matches.resize(std::min(matches.size(), options.limit));
  Table table({"SIMILAR", "CONSOLE", "TIMES", "LAST", "INCIDENT", "TITLE"});
  std::string document;
  for (const Match& match : matches) {
    if (options.output == Output::jsonl) print_line(json_of(match));
    if (options.output == Output::json)
      document += (document.empty() ? "[" : ",\n ") + json_of(match);
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
