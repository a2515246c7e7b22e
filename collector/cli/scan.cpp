#include <map>
#include <memory>

#include "collector/cli/commands.h"
#include "collector/cli/options.h"
#include "collector/cli/print_incidents.h"
#include "collector/cli/recording.h"
#include "collector/cli/rule_options.h"
#include "collector/core/bytes.h"

namespace lastgasp {
namespace {

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

void scan_file(const std::string& file, const ScanOptions& options, Matching& matching,
               IncidentPrinter& printer) {
  ScannedIncidents found;
  Pipeline pipeline(file, options.platform, TrackerSettings{}, matching, found);
  play_file(file, pipeline);
  for (const auto& [id, incident] : found.all())
    printer.print(incident, escaped(file) + ":" + std::to_string(incident.first_line) + "-" +
                                std::to_string(incident.last_line));
}

int scan(const ScanOptions& options) {
  Matching matching = make_matching(load_rules(options.rules, options.disable));
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
  add_rules_folder(*command, options->rules);
  command->add_option("--disable", options->disable, "Rules to leave out, by id");
  add_output(*command, options->output);
  command->callback([options, &chosen] { chosen = [options] { return scan(*options); }; });
}

}  // namespace lastgasp
