// The times and bounds a link works by. The defaults are what the daemon uses; tests shorten them.
#pragma once

#include <cstddef>

#include "collector/core/clock.h"

namespace lastgasp {

struct LinkSettings {
  // The wait after a failure starts at `backoff_first` and doubles up to `backoff_most`. Looking
  // for a device, socket or file of this machine costs nothing, so that wait stays short.
  Micros backoff_first = std::chrono::milliseconds(500);
  Micros backoff_most = std::chrono::seconds(30);
  Micros backoff_most_local = std::chrono::seconds(1);
  // A link that was up this long starts again from `backoff_first`.
  Micros stable_after = std::chrono::seconds(10);

  Micros connect_timeout = std::chrono::seconds(10);  // shared by the addresses of a name

  // What the peer does this soon after the opening, having said no more than `first_words_bytes`,
  // tells who it is: closing means busy, a login prompt means the console server itself.
  Micros first_words = std::chrono::seconds(3);
  std::size_t first_words_bytes = 512;

  Micros file_poll = std::chrono::milliseconds(250);
  // A followed file whose name is gone and that has not grown for this long is missing.
  Micros file_gone_after = std::chrono::seconds(5);
  Micros line_errors_every = std::chrono::seconds(1);
  // A command gets this long between SIGHUP and SIGKILL.
  Micros exec_grace = std::chrono::seconds(2);
};

}  // namespace lastgasp
