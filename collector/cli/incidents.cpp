#include <memory>

#include "collector/cli/incident_commands.h"
#include "collector/cli/options.h"
#include "collector/cli/print_incidents.h"
#include "collector/cli/terminal.h"
#include "collector/core/bytes.h"
#include "exporters/web/incident_answer.h"

namespace lastgasp {
namespace {

struct IncidentOptions {
  IncidentQuery query;
  IncidentId id = 0;
  DataOption data;
  RangeOption range;
  Output output = Output::text;
};

Incident incident_of(const IncidentRow& row) {
  Incident incident = incident_from_json(row.body);
  incident.id = row.id;
  return incident;
}

int list(IncidentOptions options) {
  options.query.range = options.range.resolve(SystemClock().now().wall);
  TranscriptReader reader(options.data.resolve());
  IncidentPrinter printer(options.output);
  for (const IncidentRow& row : reader.incidents(options.query)) {
    const Incident incident = incident_of(row);
    std::string where = std::to_string(row.id);
    where.resize(std::max<std::size_t>(where.size(), 5), ' ');
    where += " " + format_utc(incident.opened) + "  ";
    where += incident.state == IncidentState::resolved ? "resolved  " : "OPEN      ";
    printer.print(incident, reader.notes(row.id), where + escaped(incident.console));
  }
  printer.end();
  return printer.printed() > 0 ? kFound : kNothing;
}

int show(const IncidentOptions& options, bool as_json) {
  TranscriptReader reader(options.data.resolve());
  const auto row = reader.incident(options.id);
  if (!row) {
    std::fprintf(stderr, "lastgasp: there is no incident %lld; `lastgasp incidents` lists them\n",
                 static_cast<long long>(options.id));
    return kNothing;
  }
  const Incident incident = incident_of(*row);
  const std::vector<IncidentNote> notes = reader.notes(incident.id);
  if (as_json || options.output != Output::text) {
    print_line(incident_answer(incident, notes));
    return kFound;
  }
  print_report(incident, notes);
  const auto seen = reader.sightings(incident.fingerprint);
  if (seen.incidents > 1)
    print_line("seen " + std::to_string(seen.incidents) + " times on " +
               std::to_string(seen.consoles) + " consoles since " + format_utc(seen.first));
  return kFound;
}

void add_filters(CLI::App& command, IncidentOptions& options) {
  command.add_option("--console", options.query.consoles, "Only these consoles (globs)");
  add_labels(command, options.query.labels);
  command.add_option("--kind", options.query.kind, "Only this kind, such as panic");
  command.add_option("--fingerprint", options.query.fingerprint, "Only this crash");
  command.add_flag("--open", options.query.open_only, "Only those that are not over");
  command.add_option("-n,--limit", options.query.limit, "At most so many")->capture_default_str();
  add_range(command, options.range);
  add_data(command, options.data);
  add_output(command, options.output);
}

}  // namespace

void add_incidents(CLI::App& program, Chosen& chosen) {
  auto options = std::make_shared<IncidentOptions>();
  auto* command = program.add_subcommand(
      "incidents", "List incidents, newest first, show one, or say who looks after it");
  command->require_subcommand(0, 1);
  add_filters(*command, *options);
  auto* list_command = command->add_subcommand("list", "List incidents (the default)");
  add_filters(*list_command, *options);
  auto* show_command = command->add_subcommand("show", "Show one with its dump");
  auto* export_command = command->add_subcommand("export", "Print one as JSON");
  for (auto* one : {show_command, export_command}) {
    one->add_option("id", options->id, "Its number")->required();
    add_data(*one, options->data);
  }
  add_output(*show_command, options->output);
  add_incident_notes(*command, chosen);
  command->callback([=, &chosen] {
    if (chosen) return;  // by one of its own
    chosen = [=] {
      if (show_command->parsed()) return show(*options, false);
      if (export_command->parsed()) return show(*options, true);
      return list(*options);
    };
  });
}

}  // namespace lastgasp
