// Private to this folder.
#pragma once

#include <string>

#include "exporters/delivery/alert.h"

namespace lastgasp {

// One alert as POST /api/v2/alerts wants it; `ends` is the endsAt when it fires. An alert without
// alertname, which Alertmanager would take, gets one.
std::string alert_json(const Alert& alert, WallTime ends);

}  // namespace lastgasp
