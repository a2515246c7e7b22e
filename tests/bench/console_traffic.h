// What many consoles of several vendors print in days, in the order and at the times it arrives:
// syslog lines, tables after a `show`, boots, login prompts, now and then a crash with its dumps.
// Few consoles print much, many little. The same options give the same bytes. One thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <queue>
#include <string>
#include <string_view>
#include <vector>

#include "collector/core/clock.h"
#include "console_script.h"
#include "device_text.h"
#include "random.h"

namespace lastgasp::bench {

struct TrafficOptions {
  std::filesystem::path platforms;  // folder of the templates
  std::uint64_t seed = 1;
  unsigned consoles = 1000;
  std::uint64_t bytes = 0;  // about so many in all
  WallTime begin{};
  Micros span{};
};

struct ConsoleRead {
  std::size_t console = 0;  // counts from 0
  WallTime at{};
  std::string_view bytes;  // until the next call
};

class ConsoleTraffic {
 public:
  explicit ConsoleTraffic(const TrafficOptions& options);

  std::size_t consoles() const { return consoles_.size(); }
  const std::string& name(std::size_t console) const { return consoles_[console].device.name(); }
  // What arrives next; nothing when the span is over.
  std::optional<ConsoleRead> next();

 private:
  struct Console {
    Device device;
    double bytes_a_second;   // over the whole span
    double micros_per_byte;  // of its line
    std::string text{};      // the episode under way
    std::size_t printed = 0;
    WallTime begun{};
  };
  struct Due {
    WallTime at{};
    std::size_t console = 0;
    bool operator>(const Due& other) const {
      return at != other.at ? at > other.at : console > other.console;
    }
  };

  void add_console(unsigned number, double bytes_a_second);
  const Platform& any_platform();
  WallTime next_episode(Console& console, WallTime now);

  std::vector<Platform> platforms_;
  Random random_;
  std::vector<Console> consoles_;
  std::priority_queue<Due, std::vector<Due>, std::greater<>> due_;
  WallTime end_;
};

}  // namespace lastgasp::bench
