// Consoles from which nothing comes any more. Looks at all consoles at once, so that a dead console
// server or site is one incident and not one for each of its consoles. Pure; belongs to one thread.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "collector/core/clock.h"
#include "rules/incident/incident.h"

namespace lastgasp {

struct ConsoleActivity {
  std::string_view console;
  std::string_view group;    // console server or site; empty when alone
  bool up = false;           // a link that is down is not silent, it is down
  MonoTime last_received{};  // or when the link came up or watching began
  Micros allowed{};          // silence longer than this is an incident; 0 is never
};

class SilenceWatch {
 public:
  // `change` is called for each incident that opens, grows or resolves, with state set; it sets id
  // at the first call. A group is one incident when at least 3 and at least half of its watched
  // consoles are silent.
  void check(std::span<const ConsoleActivity> consoles, Instant now,
             const std::function<void(Incident&)>& change);
  void restore(std::vector<Incident> open);
  const std::vector<Incident>& open_incidents() const { return open_; }

 private:
  std::vector<Incident> open_;
};

}  // namespace lastgasp
