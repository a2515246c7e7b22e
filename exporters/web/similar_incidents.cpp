#include "exporters/web/similar_incidents.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <tuple>

#include "collector/core/bytes.h"
#include "rules/incident/fingerprint.h"

namespace lastgasp {
namespace {

constexpr double kAlike = 0.5;  // of the words of both titles, so many in common

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

}  // namespace

std::vector<SimilarIncidents> similar_incidents(TranscriptReader& reader, IncidentId id) {
  const auto incident = reader.incident(id);
  if (!incident)
    throw Error("there is no incident " + std::to_string(id) + "; `lastgasp incidents` lists them");
  std::map<ConsoleId, std::string> names;
  for (const ConsoleRow& console : reader.consoles()) names[console.id] = console.name;
  const Words words = words_of(incident->title);
  IncidentQuery all;
  all.limit = SIZE_MAX;
  all.bodies = false;
  std::map<std::pair<ConsoleId, std::string>, SimilarIncidents> found;
  for (IncidentRow& row : reader.incidents(all)) {  // newest first
    if (row.id == incident->id) continue;
    SimilarIncidents& match = found[{row.console, row.fingerprint}];
    if (match.count++ > 0) continue;
    match.same_fingerprint = row.fingerprint == incident->fingerprint;
    match.similarity = overlap(words, words_of(row.title));
    match.console = names[row.console];
    match.last = std::move(row);
  }
  std::vector<SimilarIncidents> matches;
  for (auto& [key, match] : found)
    if (match.same_fingerprint || match.similarity >= kAlike) matches.push_back(std::move(match));
  std::stable_sort(matches.begin(), matches.end(),
                   [](const SimilarIncidents& a, const SimilarIncidents& b) {
                     const auto rank = [](const SimilarIncidents& m) {
                       return std::tuple(m.same_fingerprint, m.similarity, m.last.opened);
                     };
                     return rank(a) > rank(b);
                   });
  return matches;
}

std::string similar_json(const SimilarIncidents& match) {
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

}  // namespace lastgasp
