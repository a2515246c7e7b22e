#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <memory>
#include <set>

#include "collector/cli/db_commands.h"
#include "collector/cli/options.h"
#include "collector/cli/print_lines.h"
#include "collector/core/bytes.h"
#include "rules/incident/incident.h"

namespace lastgasp {
namespace {

constexpr std::size_t kLinesBefore = 50;
constexpr std::size_t kNoLimit = std::size_t{1} << 40;
constexpr Micros kRestOfLine = std::chrono::minutes(1);

struct ExportOptions {
  std::vector<std::string> consoles;
  IncidentId incident = 0;
  bool raw = false, text = false;
  std::string file;
  DataOption data;
  RangeOption range;
};

struct Part {
  std::vector<std::string> consoles;  // globs
  TimeRange range;
};

// Everything written must be on its way to the disk: a cut export is worse than none.
void put(std::string_view bytes) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), stdout) == bytes.size()) return;
  if (errno == EPIPE) std::_Exit(kFound);
  throw Error(errno_text("write the export", errno));
}

// Of one incident: from the lines before its first to its last.
Part part_of(TranscriptReader& reader, IncidentId id) {
  const auto row = reader.incident(id);
  if (!row) throw Error("there is no incident " + std::to_string(id));
  const Incident incident = incident_from_json(row->body);
  // The columns have microseconds, the body only milliseconds.
  Part part{incident.consoles, {row->opened, row->updated + Micros(1)}};
  if (!incident.console.empty()) part.consoles = {incident.console};
  for (const std::string& console : part.consoles) {
    const auto before = reader.tail(console, kLinesBefore, row->opened);
    if (!before.empty()) part.range.from = std::min(part.range.from, before.front().at);
  }
  return part;
}

Part part_of(TranscriptReader& reader, const ExportOptions& options) {
  if (options.incident == 0)
    return {options.consoles, options.range.resolve(SystemClock().now().wall)};
  Part part = part_of(reader, options.incident);
  if (!options.consoles.empty()) part.consoles = options.consoles;
  return part;
}

std::set<std::string> names_of(TranscriptReader& reader, const std::vector<std::string>& globs) {
  std::set<std::string> names;
  for (const ConsoleRow& console : reader.consoles()) {
    for (const std::string& glob : globs)
      if (glob_match(glob, console.name)) names.insert(console.name);
  }
  return names;
}

// The bytes of one console. A line whose beginning is within the range is there to its end.
std::size_t export_raw(TranscriptReader& reader, const Part& part) {
  const std::set<std::string> names = names_of(reader, part.consoles);
  if (names.size() > 1)
    throw Error(std::to_string(names.size()) +
                " consoles match: --raw is for one; name it with --console, or use --text");
  if (names.empty()) return 0;
  std::size_t bytes = 0;
  bool open = false, ended = false;
  reader.raw(*names.begin(), part.range, [&](std::string_view received) {
    put(received);
    bytes += received.size();
    open = received.back() != '\n';
  });
  if (!open || part.range.to == WallTime::max()) return bytes;
  reader.raw(*names.begin(), {part.range.to, part.range.to + kRestOfLine},
             [&](std::string_view received) {
               if (ended) return;
               const std::size_t end = received.find('\n');
               ended = end != std::string_view::npos;
               put(received.substr(0, ended ? end + 1 : end));
             });
  return bytes;
}

std::size_t export_text(TranscriptReader& reader, const Part& part) {
  Query query;
  query.consoles = part.consoles;
  query.range = part.range;
  query.newest_first = false;
  query.limit = kNoLimit;
  query.budget = std::chrono::hours(24 * 365);
  std::size_t lines = 0;
  const SearchEnd end = reader.search(query, [&](const FoundLine& line) {
    put(text_of(line) + "\n");
    ++lines;
    return true;
  });
  if (end.damaged_blocks > 0)
    std::fprintf(stderr, "lastgasp: %zu damaged blocks were skipped\n", end.damaged_blocks);
  return lines;
}

int run_export(const ExportOptions& options) {
  if (options.raw == options.text) throw CLI::ValidationError("--raw, --text", "give one of them");
  if (options.consoles.empty() && options.incident == 0)
    throw CLI::ValidationError("--console", "or --incident says what to export");
  TranscriptReader reader(options.data.resolve());
  const Part part = part_of(reader, options);
  if (options.file.empty() && options.raw && isatty(STDOUT_FILENO))
    throw Error("raw console bytes do not go to a terminal: give -o FILE, or use --text");
  // As standard output it is no terminal, so that nothing is coloured.
  if (!options.file.empty() && !std::freopen(options.file.c_str(), "wb", stdout))
    throw Error(errno_text("write " + options.file, errno));
  const std::size_t found = options.raw ? export_raw(reader, part) : export_text(reader, part);
  if (std::fflush(stdout) != 0 && errno != EPIPE)
    throw Error(errno_text("write the export", errno));
  if (found == 0) std::fprintf(stderr, "lastgasp: there is nothing of that in the transcripts\n");
  return found > 0 ? kFound : kNothing;
}

}  // namespace

void add_db_export(CLI::App& db, Chosen& chosen) {
  auto options = std::make_shared<ExportOptions>();
  auto* command =
      db.add_subcommand("export", "Write what consoles printed, as received or as text with times");
  command->add_option("--console", options->consoles, "These consoles (globs)");
  add_range(*command, options->range);
  command
      ->add_option("--incident", options->incident,
                   "From 50 lines before its first line until its last")
      ->excludes("--since")
      ->excludes("--until");
  command->add_flag("--raw", options->raw, "The bytes of one console, exactly as received");
  command->add_flag("--text", options->text, "Cleaned lines with times, of any consoles");
  command->add_option("-o,--file", options->file, "Write this file, not standard output");
  add_data(*command, options->data);
  command->callback([options, &chosen] { chosen = [options] { return run_export(*options); }; });
}

}  // namespace lastgasp
