// A clock moved by hand, for what has threads of its own.
#pragma once

#include <mutex>

#include "collector/core/clock.h"

namespace lastgasp {

class SharedClock final : public Clock {
 public:
  Instant now() const override {
    const std::lock_guard lock(mutex_);
    return now_;
  }
  void advance(Micros d) {
    const std::lock_guard lock(mutex_);
    now_ = now_ + d;
  }

 private:
  mutable std::mutex mutex_;
  Instant now_{from_unix_micros(1'795'363'200'000'000), MonoTime{std::chrono::hours(1)}};
};

}  // namespace lastgasp
