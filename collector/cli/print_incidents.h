// Incidents on standard output.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "collector/cli/options.h"
#include "collector/transcript/incident_note.h"
#include "rules/incident/incident.h"

namespace lastgasp {

// Prints incidents one by one: a line of text each, or JSON.
class IncidentPrinter {
 public:
  explicit IncidentPrinter(Output output) : output_(output) {}

  // `where` is what the line begins with: an id and times, or a file and line.
  void print(const Incident& incident, const std::string& where);
  // One that is stored, with what people said of it.
  void print(const Incident& incident, const std::vector<IncidentNote>& notes,
             const std::string& where);
  void end();
  std::size_t printed() const { return printed_; }

 private:
  void print_json(const std::string& json);

  Output output_;
  std::size_t printed_ = 0;
};

// The whole of one incident for people: facts, findings, notes, context, dump.
void print_report(const Incident& incident, const std::vector<IncidentNote>& notes);

}  // namespace lastgasp
