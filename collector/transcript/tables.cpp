#include "collector/transcript/tables.h"

namespace lastgasp {

IncidentRow incident_of(const Statement& row) {
  IncidentRow incident;
  incident.id = row.integer(0);
  incident.console = static_cast<ConsoleId>(row.integer(1));
  incident.kind = row.text(2);
  incident.severity = row.text(3);
  incident.fingerprint = row.text(4);
  incident.title = row.text(5);
  incident.opened = from_unix_micros(row.integer(6));
  incident.updated = from_unix_micros(row.integer(7));
  incident.resolved = from_unix_micros(row.integer(8));
  incident.body = row.text(9);
  return incident;
}

BootRow boot_of(const Statement& row) {
  return {static_cast<ConsoleId>(row.integer(0)), from_unix_micros(row.integer(1)),
          from_unix_micros(row.integer(2)), row.text(3), row.text(4)};
}

IncidentNote note_of(const Statement& row) {
  return {row.integer(0), from_unix_micros(row.integer(1)), row.integer(2) != 0, row.text(3),
          row.text(4)};
}

ConsoleRow console_of(const Statement& row) {
  ConsoleRow console;
  console.id = static_cast<ConsoleId>(row.integer(0));
  console.name = row.text(1);
  console.endpoint = row.text(2);
  console.platform = row.text(3);
  console.state = row.text(4);
  console.reason = row.text(5);
  console.state_since = from_unix_micros(row.integer(6));
  console.last_received = from_unix_micros(row.integer(7));
  console.stored_bytes = static_cast<std::uint64_t>(row.integer(8));
  return console;
}

}  // namespace lastgasp
