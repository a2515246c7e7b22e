// The JSON that Alertmanager sends to its webhooks, version 4, so that whatever takes those takes
// ours.
#pragma once

#include <string>

#include "exporters/delivery/alert.h"

namespace lastgasp {

// One incident to a notification: `groupKey` and the alert's `fingerprint` name the incident and
// stay the same from its start to its end, also when its labels change. `external_url` may be
// empty.
std::string webhook_json(const Alert& alert, const std::string& receiver,
                         const std::string& external_url);

}  // namespace lastgasp
