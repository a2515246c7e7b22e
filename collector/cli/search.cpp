#include <unistd.h>

#include <cstdio>
#include <limits>
#include <memory>

#include "collector/cli/commands.h"
#include "collector/cli/options.h"
#include "collector/cli/print_lines.h"
#include "collector/cli/terminal.h"
#include "collector/core/bytes.h"
#include "exporters/web/line_counts.h"
#include "exporters/web/stored.h"

namespace lastgasp {
namespace {

struct SearchOptions {
  Query query;
  DataOption data;
  RangeOption range;
  BootOption boot;
  Output output = Output::text;
  std::size_t context = 0;
  std::string budget = "60s";
  std::string count_by;
  IncidentId incident = 0;
  std::string cursor;
  bool oldest_first = false;
  bool ids = false;
};

void print_end(const SearchEnd& end, bool newest_first) {
  if (end.damaged_blocks > 0)
    std::fprintf(stderr, "lastgasp: %zu damaged blocks were skipped\n", end.damaged_blocks);
  if (!end.cursor) return;
  std::fprintf(stderr,
               "lastgasp: stopped after %zu lines (%s read), searched %s to %s; go on with "
               "--cursor %s, or see --limit and --budget\n",
               end.hits, format_bytes(end.searched_bytes).c_str(), newest_first ? "back" : "up",
               format_utc(end.reached).c_str(), end.cursor->text().c_str());
}

void print_counts(const std::vector<LineCounts::Bucket>& buckets, Output output) {
  constexpr std::uint64_t kBar = 50;
  std::uint64_t most = 1;
  for (const auto& bucket : buckets) most = std::max(most, bucket.count);
  std::string document;
  for (const auto& bucket : buckets) {
    if (output == Output::jsonl) print_line(bucket_json(bucket));
    if (output == Output::json) document += (document.empty() ? "[" : ",\n ") + bucket_json(bucket);
    if (output != Output::text) continue;
    std::string number = std::to_string(bucket.count);
    number.insert(0, 10 - std::min<std::size_t>(number.size(), 10), ' ');
    print_line(format_utc(bucket.from) + number + "  " +
               std::string((bucket.count * kBar + most - 1) / most, '#'));
  }
  if (output == Output::json) print_line(document.empty() ? "[]" : document + "]");
}

int count(TranscriptReader& reader, Query query, const SearchOptions& options) {
  const auto width = parse_duration(options.count_by);
  if (!width || *width <= Micros{0}) {
    throw CLI::ValidationError("--count-by", "must be a time such as 10m or 1h");
  }
  query.limit = std::numeric_limits<std::int32_t>::max();
  LineCounts counts(*width);
  const SearchEnd end = reader.search(query, [&](const FoundLine& line) {
    if (line.hit) counts.add(line.at);
    return true;
  });
  print_counts(counts.buckets(), options.output);
  print_end(end, query.newest_first);
  return end.hits > 0 ? kFound : kNothing;
}

int search(SearchOptions options) {
  const WallTime now = SystemClock().now().wall;
  Query& query = options.query;
  query.range = options.range.resolve(now);
  query.newest_first = !options.oldest_first;
  if (!options.cursor.empty())
    query.cursor = SearchCursor::parse(options.cursor, query.newest_first);
  query.before = std::max(query.before, options.context);
  query.after = std::max(query.after, options.context);
  const auto budget = parse_duration(options.budget);
  if (!budget) throw CLI::ValidationError("--budget", "must be a time such as 30s or 5m");
  query.budget = *budget;
  TranscriptReader reader(options.data.resolve());
  if (options.boot.number > 0) query.range = options.boot.resolve(reader, query.consoles);
  if (options.incident > 0) narrow_to_incident(reader, options.incident, query);
  if (!options.count_by.empty()) return count(reader, query, options);
  LinePrinter printer(options.output, options.ids);
  const SearchEnd end = reader.search(query, [&](const FoundLine& line) {
    printer.print(line);
    return true;
  });
  printer.end(end);
  std::fflush(stdout);
  print_end(end, query.newest_first);
  return end.hits > 0 ? kFound : kNothing;
}

}  // namespace

void add_search(CLI::App& program, Chosen& chosen) {
  auto options = std::make_shared<SearchOptions>();
  Query& query = options->query;
  auto* command = program.add_subcommand("search", "Find lines in the transcripts, newest first");
  command->add_option("text", query.text, "What to find, as it stands")->required();
  command->add_flag("-e,--regex", query.regex, "The text is a regular expression (RE2)");
  command->add_flag("-i,--ignore-case", query.ignore_case, "Upper and lower case are the same");
  command->add_option("--and", query.also, "The same line must hold this as well; may be repeated");
  command->add_option("--console", query.consoles, "Only these consoles (globs)");
  add_labels(*command, query.labels);
  command->add_option("--platform", query.platform, "Only consoles of this platform");
  add_range(*command, options->range);
  add_boot(*command, options->boot)
      ->excludes(command->get_option("--since"), command->get_option("--until"));
  command->add_option("--incident", options->incident, "Only its console, while it went on")
      ->excludes("--since", "--until", "--boot", "--console", "--label");
  command->add_option("--count-by", options->count_by,
                      "Count the lines by so long a time instead of showing them");
  command->add_option("-n,--limit", query.limit, "At most so many lines")->capture_default_str();
  command->add_option("-B,--before", query.before, "Lines of context before each");
  command->add_option("-A,--after", query.after, "Lines of context after each");
  command->add_option("-C,--context", options->context, "Lines of context on both sides");
  command->add_flag("--oldest-first", options->oldest_first, "Begin with the oldest");
  command->add_option("--budget", options->budget, "Search no longer than this")
      ->capture_default_str();
  command->add_option("--cursor", options->cursor,
                      "Go on where the same search stopped, as it told");
  add_ids(*command, options->ids);
  add_data(*command, options->data);
  add_output(*command, options->output);
  command->callback([options, &chosen] { chosen = [options] { return search(*options); }; });
}

}  // namespace lastgasp
