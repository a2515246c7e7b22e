// What simulated consoles print: numbered lines of ordinary text, the first line of a crash, noise.
// One thread.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace simulated {

constexpr std::size_t kMostLineBytes = 128;

// Makes the lines: a time, a text, the console's number and the line's own.
class LinePrinter {
 public:
  // Where telnet doubles it they print line noise as well.
  explicit LinePrinter(bool telnet) : telnet_(telnet) {}

  // Since the consoles began to print.
  void set_time(std::chrono::duration<double> since);
  // The bytes written to `out`, which has room for kMostLineBytes.
  std::size_t print(char* out, unsigned console, std::uint64_t sequence) const;

 private:
  const bool telnet_;
  std::array<char, 22> time_ = {'*', 'M', 'a', 'r', ' ', ' ', '1', ' ', '0', '0', ':',
                                '0', '0', ':', '0', '0', '.', '0', '0', '0', ':', ' '};
};

// A kernel's last words, whole.
inline constexpr std::string_view kCrash =
    "Kernel panic - not syncing: Fatal exception in interrupt\r\n";

// A line of any bytes but IAC: escape sequences, controls, a wrong baud rate. What it may leave
// open is closed before its end, so that the next line is read as it was sent.
std::string noise(std::uint64_t seed);

}  // namespace simulated
