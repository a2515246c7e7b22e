// Alertmanager's API v2: alerts in batches, again every minute with endsAt 4 minutes ahead; a
// resolution is sent no sooner than 15 minutes after the start (one that ends within group_wait is
// never delivered).
#pragma once

#include <memory>
#include <string>

#include "exporters/delivery/channel.h"

namespace lastgasp {

// `url`: "http://user:password@am1:9093/prefix". Throws Error when it is not http or https.
std::unique_ptr<Channel> alertmanager_channel(const std::string& url, Micros timeout);

}  // namespace lastgasp
