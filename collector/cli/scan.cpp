#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>

#include "collector/app/pipeline.h"
#include "collector/app/rule_source.h"
#include "collector/cli/commands.h"
#include "collector/cli/options.h"
#include "collector/cli/print_incidents.h"
#include "collector/core/bytes.h"

namespace lastgasp {
namespace {

// A transcript without times is read as if it came over a line of 115200 baud, a tenth of a second
// at a time: quiet never happens, but an hour of output is an hour.
constexpr std::size_t kStepBytes = 1152;
constexpr Micros kStep = std::chrono::milliseconds(100);

struct ScanOptions {
  std::vector<std::string> files;
  std::string platform, rules;
  std::vector<std::string> disable;
  Output output = Output::text;
};

// Keeps the last form of every incident of one file.
class ScannedIncidents final : public TrackerSink {
 public:
  void on_incident(Incident& incident) override {
    if (incident.id == 0) incident.id = static_cast<std::int64_t>(incidents_.size()) + 1;
    incidents_[incident.id] = incident;
  }
  void on_boot(const Boot&) override {}
  void on_platform(std::string_view) override {}

  const std::map<std::int64_t, Incident>& all() const { return incidents_; }

 private:
  std::map<std::int64_t, Incident> incidents_;
};

class Progress {
 public:
  explicit Progress(std::string file) : file_(std::move(file)) {}
  ~Progress() {
    if (shown_) std::fprintf(stderr, "\r\x1b[K");
  }
  void at(std::uint64_t bytes) {
    if (bytes < next_ || !isatty(STDERR_FILENO)) return;
    next_ = bytes + (std::uint64_t{16} << 20);
    shown_ = bytes > 0;
    if (shown_)
      std::fprintf(stderr, "\r%s: %s", escaped(file_).c_str(), format_bytes(bytes).c_str());
  }

 private:
  std::string file_;
  std::uint64_t next_ = std::uint64_t{16} << 20;
  bool shown_ = false;
};

void scan_stream(std::istream& in, const std::string& name, Pipeline& pipeline) {
  Progress progress(name);
  Instant now{SystemClock().now().wall, MonoTime{}};
  std::string chunk(kStepBytes, '\0');
  std::uint64_t bytes = 0;
  pipeline.link(true, now);
  while (in.read(chunk.data(), static_cast<std::streamsize>(chunk.size())) || in.gcount() > 0) {
    pipeline.bytes({chunk.data(), static_cast<std::size_t>(in.gcount())}, now);
    now = now + kStep;
    if (pipeline.due() <= now.mono) pipeline.tick(now);
    progress.at(bytes += static_cast<std::uint64_t>(in.gcount()));
  }
  pipeline.finish(now);
}

void scan_file(const std::string& file, const ScanOptions& options, Matching& matching,
               IncidentPrinter& printer) {
  ScannedIncidents found;
  Pipeline pipeline(file, options.platform, TrackerSettings{}, matching, found);
  if (file == "-") {
    scan_stream(std::cin, "standard input", pipeline);
  } else {
    std::ifstream in(file, std::ios::binary);
    if (!in) throw Error(errno_text("cannot read " + file, errno));
    scan_stream(in, file, pipeline);
  }
  for (const auto& [id, incident] : found.all())
    printer.print(incident, escaped(file) + ":" + std::to_string(incident.first_line) + "-" +
                                std::to_string(incident.last_line));
}

int scan(const ScanOptions& options) {
  Matching matching = make_matching(compile_rules(options.rules, options.disable));
  IncidentPrinter printer(options.output);
  for (const std::string& file : options.files) scan_file(file, options, matching, printer);
  printer.end();
  return printer.printed() > 0 ? kFound : kNothing;
}

}  // namespace

void add_scan(CLI::App& program, Chosen& chosen) {
  auto options = std::make_shared<ScanOptions>();
  auto* command = program.add_subcommand(
      "scan", "Find the incidents in recorded transcripts, as the collector would have");
  command->add_option("file", options->files, "Files; - is standard input")->required();
  command->add_option("--platform", options->platform, "What the console is, if known");
  command->add_option("--rules", options->rules, "Folder of additional rule packs");
  command->add_option("--disable", options->disable, "Rules to leave out, by id");
  add_output(*command, options->output);
  command->callback([options, &chosen] { chosen = [options] { return scan(*options); }; });
}

}  // namespace lastgasp
