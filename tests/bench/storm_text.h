// What 1,000 consoles print in a day of storm, as it is read: what each printed is gathered to 4
// KiB. Made once and kept in memory; the same size gives the same bytes. Any thread once it is
// made.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "console_traffic.h"

namespace lastgasp::bench {

struct StormText {
  struct Read {
    std::size_t console = 0;  // counts from 0
    WallTime at{};
    std::string bytes;
  };
  std::vector<Read> reads;
  std::vector<std::string> names;  // of the consoles
  std::size_t bytes = 0;           // of all reads

  explicit StormText(std::uint64_t about_bytes);
};

}  // namespace lastgasp::bench
