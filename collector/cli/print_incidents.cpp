#include "collector/cli/print_incidents.h"

#include "collector/cli/terminal.h"
#include "collector/core/bytes.h"
#include "exporters/web/incident_answer.h"

namespace lastgasp {
namespace {

std::string summary(const Incident& incident, const std::string& where) {
  const Style style = style_of(incident.severity);
  std::string text = where;
  text += "  " + styled(style, std::string(name_of(incident.severity)) + ' ' +
                                   std::string(name_of(incident.kind)));
  text += "  " + styled(Style::bold, escaped(incident.title));
  if (incident.repeats > 0) text += "  (" + std::to_string(incident.repeats + 1) + " times)";
  if (incident.unrecognised) text += "  [unrecognised]";
  if (incident.truncated) text += "  [truncated]";
  if (incident.interleaved) text += "  [interleaved]";
  return text;
}

void print_fact(const char* name, const std::string& value) {
  if (value.empty()) return;
  std::string label(name);
  label.resize(13, ' ');
  print_line(styled(Style::dim, label) + escaped(value));
}

std::string until_text(const Incident& incident) {
  if (incident.state != IncidentState::resolved)
    return std::string(kIncidentStateNames[static_cast<std::size_t>(incident.state)]);
  return format_utc(incident.resolved) + ", " + incident.resolution;
}

}  // namespace

void IncidentPrinter::print(const Incident& incident, const std::string& where) {
  if (output_ != Output::text) return print_json(to_json(incident));
  print_line(summary(incident, where));
  ++printed_;
}

void IncidentPrinter::print(const Incident& incident, const std::vector<IncidentNote>& notes,
                            const std::string& where) {
  if (output_ != Output::text) return print_json(incident_answer(incident, notes));
  const IncidentNote* const by = acknowledgement(notes);
  print_line(summary(incident, where) + (by ? "  [" + escaped(by->by) + " looks after it]" : ""));
  ++printed_;
}

void IncidentPrinter::print_json(const std::string& json) {
  const char* const before = output_ == Output::jsonl ? "" : printed_ == 0 ? "[" : ",";
  print_line(before + json);
  ++printed_;
}

void IncidentPrinter::end() {
  if (output_ == Output::json) print_line(printed_ == 0 ? "[]" : "]");
}

void print_report(const Incident& incident, const std::vector<IncidentNote>& notes) {
  print_line(summary(incident, "incident " + std::to_string(incident.id)));
  print_fact("console", incident.console);
  print_fact("platform", incident.platform);
  print_fact("opened", format_utc(incident.opened));
  print_fact("last line", format_utc(incident.updated));
  print_fact("resolved", until_text(incident));
  print_fact("boots since", incident.boots ? std::to_string(incident.boots) : "");
  print_fact("rule", incident.rule);
  print_fact("fingerprint", incident.fingerprint);
  for (const Finding& finding : incident.findings)
    print_fact("finding", format_utc(finding.at) + "  " + std::string(name_of(finding.kind)) +
                              "  " + finding.title);
  for (const std::string& console : incident.consoles) print_fact("affected", console);
  for (const IncidentNote& note : notes)
    print_fact(note.acknowledges ? "acknowledged" : "note",
               format_utc(note.at) + "  " + note.by + (note.text.empty() ? "" : ": " + note.text));
  if (!incident.context.empty()) print_line(styled(Style::dim, "--- before"));
  for (const std::string& line : incident.context) print_line(styled(Style::dim, escaped(line)));
  if (!incident.dump.empty()) print_line(styled(Style::dim, "--- dump"));
  for (const std::string& line : incident.dump) print_line(escaped(line));
}

}  // namespace lastgasp
