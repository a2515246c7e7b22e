#include "collector/cli/print_explanation.h"

#include "collector/cli/rule_options.h"
#include "collector/cli/terminal.h"
#include "collector/core/bytes.h"

namespace lastgasp {

void print_explained(const Explanation& explanation, const ExplainedLine& line) {
  const std::string place = "line " + std::to_string(line.number) +
                            (line.partial ? " (not ended)" : "") +
                            (line.later ? " (decided later)" : "");
  print_line(styled(Style::dim, place + "  ") + escaped(line.text));
  for (const ExplainedHit& hit : line.hits) {
    print_line("    " + styled(Style::bold, hit.rule) + "  " +
               styled(style_of(hit.severity),
                      std::string(name_of(hit.severity)) + " " + std::string(name_of(hit.kind))));
    for (const auto& [name, value] : hit.captures)
      print_line("        " + name + " = " + escaped(value));
    if (hit.verdict) print_line("        " + words_of(explanation, hit));
  }
  for (const WithheldRule& withheld : line.withheld) {
    std::string why;
    if (withheld.other_platform)
      why = "it is for " + platforms_text(*withheld.rule) + ", and this is " + line.platform;
    if (withheld.unless) why += std::string(why.empty() ? "" : "; ") + "its `unless` holds it back";
    print_line(styled(Style::dim, "    not " + withheld.rule->id + ": " + escaped(why)));
  }
}

void print_outcome(const Explanation& explanation) {
  if (explanation.hits() == 0) print_line("no rule matches");
  for (const auto& [id, seen] : explanation.incidents()) {
    const Incident& incident = seen.incident;
    print_line("incident " + std::to_string(id) + "  lines " + std::to_string(incident.first_line) +
               "-" + std::to_string(incident.last_line) + "  " +
               styled(style_of(incident.severity), std::string(name_of(incident.severity)) + " " +
                                                       std::string(name_of(incident.kind))) +
               "  " + styled(Style::bold, escaped(incident.title)) +
               (incident.resolution.empty() ? "" : "  (" + escaped(incident.resolution) + ")"));
  }
  for (const Explanation::SeenBoot& seen : explanation.boots()) {
    const std::string done = seen.boot.done == WallTime{} ? "not up yet" : "came up";
    print_line("boot at line " + std::to_string(seen.line) + "  reason " +
               std::string(name_of(seen.boot.reason)) +
               (seen.boot.evidence.empty() ? "" : ": " + escaped(seen.boot.evidence)) + "  (" +
               done + ")");
  }
  if (!explanation.platform().empty()) print_line("platform " + escaped(explanation.platform()));
}

ExplanationPrinter::ExplanationPrinter(const Matcher& matcher, Output output, bool all)
    : output_(output),
      explanation_(matcher, all, [this](const ExplainedLine& line) { print(line); }) {}

// The one document is written as it goes, since a transcript may be long.
void ExplanationPrinter::print(const ExplainedLine& line) {
  if (output_ == Output::text) return print_explained(explanation_, line);
  if (output_ == Output::json) print_line(first_ ? "{\"lines\":[" : ",");
  first_ = false;
  print_line(json_of(explanation_, line));
}

void ExplanationPrinter::end() {
  explanation_.end();
  if (output_ == Output::text) return print_outcome(explanation_);
  if (output_ == Output::json)
    return print_line((first_ ? "{\"lines\":[" : "") + rest_json(explanation_));
  for (const auto& [id, seen] : explanation_.incidents())
    print_line("{\"incident\":" + to_json(seen.incident) + "}");
  for (const Explanation::SeenBoot& seen : explanation_.boots())
    print_line("{\"boot\":" + json_of(seen) + "}");
}

}  // namespace lastgasp
