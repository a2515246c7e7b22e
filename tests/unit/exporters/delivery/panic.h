// An incident such as receivers are told of.
#pragma once

#include "rules/incident/incident.h"

namespace lastgasp {

inline Incident panic() {
  Incident incident;
  incident.id = 42;
  incident.console = "core1.ams";
  incident.kind = Kind::panic;
  incident.severity = Severity::critical;
  incident.platform = "junos";
  incident.title = "Fatal trap 12: page fault in ifunit";
  incident.fingerprint = "00112233aabbccdd";
  incident.state = IncidentState::open;
  incident.opened = from_unix_micros(1'795'363'200'123'456);
  incident.context = {"login: "};
  incident.dump = {"Fatal trap 12: page fault while in kernel mode", "cpuid = 1", "Uptime: 3d"};
  return incident;
}

}  // namespace lastgasp
