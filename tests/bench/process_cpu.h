// What this process has cost so far.
#pragma once

#include <sys/resource.h>

namespace lastgasp::bench {

// Seconds of all its threads, user and system.
inline double process_cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace lastgasp::bench
