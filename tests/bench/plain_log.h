// The same traffic as a console logger keeps it: one file for each console and day, each line with
// the time of its first byte in front. Files of days that are over are complete.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "collector/core/clock.h"

namespace lastgasp::bench {

class PlainLog {
 public:
  // Creates `folder`. `names` are those of the consoles.
  PlainLog(std::filesystem::path folder, std::vector<std::string> names);
  ~PlainLog();  // writes what waits

  void append(std::size_t console, WallTime at, std::string_view bytes);

 private:
  struct Console {
    std::string name, waiting, day;
    bool at_line_start = true;
  };
  void begin_line(Console& console, WallTime at);
  void write(Console& console);

  const std::filesystem::path folder_;
  std::vector<Console> consoles_;
};

}  // namespace lastgasp::bench
