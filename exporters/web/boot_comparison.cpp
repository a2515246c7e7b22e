#include "exporters/web/boot_comparison.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "collector/core/bytes.h"

namespace lastgasp {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostLines = 20'000;  // of a boot
constexpr Micros kLongest = std::chrono::minutes(30);

// From the banner to the line that says the system is up, or without one to the next banner: what
// takes longer than any boot is life after it.
TimeRange range_of(const StoredBoot& boot) {
  const BootRow& row = boot.found.boot;
  const WallTime end = row.done == WallTime{} ? boot.next : row.done + Micros(1);
  return {row.began, std::min(end, row.began + kLongest)};
}

std::vector<BootLine> lines_of(TranscriptReader& reader, ComparedBoot& compared) {
  const std::string& console = compared.boot.found.console;
  Query query;
  query.consoles = {console};
  query.range = range_of(compared.boot);
  query.newest_first = false;
  query.limit = kMostLines;
  std::vector<BootLine> lines;
  const SearchEnd end = reader.search(query, [&](const FoundLine& line) {
    if (line.kind == RecordKind::data && line.console == console)
      lines.push_back({line.at, line.text});
    return true;
  });
  compared.lines = lines.size();
  compared.complete = end.complete;
  compared.reached = end.reached;
  return lines;
}

Json json_of(const BootChange& change) {
  return {{"change", change.added ? "new" : "missing"},
          {"at", format_utc(change.line.at)},
          {"count", change.count},
          {"text", to_utf8(change.line.text)}};
}

Json json_of(const ComparedBoot& compared) {
  const FoundBoot& found = compared.boot.found;
  return {{"number", found.number},
          {"began", format_utc(found.boot.began)},
          {"reason", found.boot.reason},
          {"lines", compared.lines},
          {"complete", compared.complete}};
}

}  // namespace

BootComparison compare_boots(TranscriptReader& reader, const std::string& console,
                             std::size_t older, std::size_t newer) {
  require_console(reader, console);
  BootComparison comparison;
  comparison.older.boot = stored_boot(reader, console, older);
  comparison.newer.boot = stored_boot(reader, console, newer);
  const auto older_lines = lines_of(reader, comparison.older);
  comparison.diff = diff_boots(older_lines, lines_of(reader, comparison.newer));
  return comparison;
}

std::string comparison_json(const BootComparison& comparison) {
  const BootDiff& diff = comparison.diff;
  Json json{{"console", to_utf8(comparison.newer.boot.found.console)},
            {"older", json_of(comparison.older)},
            {"newer", json_of(comparison.newer)},
            {"new", diff.added},
            {"missing", diff.missing},
            {"same", diff.same},
            {"changes", Json::array()}};
  for (const BootChange& change : diff.changes) json["changes"].push_back(json_of(change));
  return json.dump();
}

std::string change_json(const BootChange& change) { return json_of(change).dump(); }

}  // namespace lastgasp
