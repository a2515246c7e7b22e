// A console as the web server shows it, out of its counters. Any thread.
#pragma once

#include "exporters/metrics/console_metrics.h"
#include "exporters/web/backend.h"
#include "rules/incident/outage.h"

namespace lastgasp {

// What a running console is like, besides its counters.
struct ConsoleStanding {
  ConsoleActivity activity;
  bool tried = false;    // its link was once up or down
  bool booting = false;  // as far as its lines tell
};

// Condition and since when, times of the link, counters. The rest of the view is its owner's.
ConsoleView view_of(const ConsoleMetrics& metrics, const ConsoleStanding& standing, Instant now);

}  // namespace lastgasp
