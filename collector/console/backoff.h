// How long to wait before the next attempt. Pure: the randomness is handed in.
#pragma once

#include <functional>

#include "collector/core/clock.h"

namespace lastgasp {

class Backoff {
 public:
  // `random` returns numbers from 0 to 1. It spreads the waits, so that 48 links which one reboot
  // of a console server broke do not come back in one millisecond.
  Backoff(Micros first, Micros most, std::function<double()> random);

  // The next wait: from half of the current step to all of it, never more than `most`. The step
  // doubles with each call.
  Micros next();
  void reset() { step_ = first_; }

 private:
  Micros first_, most_, step_;
  std::function<double()> random_;
};

}  // namespace lastgasp
