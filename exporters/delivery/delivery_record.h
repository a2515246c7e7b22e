// How far the news of one incident got to one receiver. Plain data.
#pragma once

#include <string>

#include "collector/core/clock.h"

namespace lastgasp {

struct DeliveryRecord {
  std::string receiver;
  std::string state;    // "waiting", "accepted", "refused" for good
  WallTime sent{};      // last try; epoch before the first
  WallTime accepted{};  // last success; epoch when never or before the last restart
  std::string error;    // of the last try, any bytes; empty when it succeeded
};

}  // namespace lastgasp
