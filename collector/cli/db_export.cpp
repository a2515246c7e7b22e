#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <memory>

#include "collector/cli/db_commands.h"
#include "collector/cli/options.h"
#include "exporters/web/transcript_export.h"

namespace lastgasp {
namespace {

struct ExportOptions {
  std::vector<std::string> consoles;
  IncidentId incident = 0;
  bool raw = false, text = false;
  std::string file;
  DataOption data;
  RangeOption range;
};

// Everything written must be on its way to the disk: a cut export is worse than none.
void put(std::string_view bytes) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), stdout) == bytes.size()) return;
  if (errno == EPIPE) std::_Exit(kFound);
  throw Error(errno_text("write the export", errno));
}

ExportPart part_of(TranscriptReader& reader, const ExportOptions& options) {
  if (options.incident == 0)
    return {options.consoles, options.range.resolve(SystemClock().now().wall)};
  ExportPart part = part_of(reader, options.incident);
  if (!options.consoles.empty()) part.consoles = options.consoles;
  return part;
}

// How many bytes.
std::size_t write(TranscriptReader& reader, const ExportPart& part, ExportForm form) {
  TranscriptExport whole(reader, part, form);
  std::size_t bytes = 0;
  for (std::string piece; !(piece = whole.next(reader)).empty(); bytes += piece.size()) put(piece);
  if (whole.damaged_blocks() > 0)
    std::fprintf(stderr, "lastgasp: %zu damaged blocks were skipped\n", whole.damaged_blocks());
  return bytes;
}

int run_export(const ExportOptions& options) {
  if (options.raw == options.text) throw CLI::ValidationError("--raw, --text", "give one of them");
  if (options.consoles.empty() && options.incident == 0)
    throw CLI::ValidationError("--console", "or --incident says what to export");
  TranscriptReader reader(options.data.resolve());
  const ExportPart part = part_of(reader, options);
  if (options.file.empty() && options.raw && isatty(STDOUT_FILENO))
    throw Error("raw console bytes do not go to a terminal: give -o FILE, or use --text");
  // As standard output it is no terminal, so that nothing is coloured.
  if (!options.file.empty() && !std::freopen(options.file.c_str(), "wb", stdout))
    throw Error(errno_text("write " + options.file, errno));
  const std::size_t found = write(reader, part, options.raw ? ExportForm::raw : ExportForm::text);
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
