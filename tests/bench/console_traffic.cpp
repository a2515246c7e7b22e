#include "console_traffic.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace lastgasp::bench {
namespace {

constexpr double kSkew = 0.9;                // the nth console prints n^-0.9 of what the first does
constexpr double kLineBytesASecond = 11520;  // 115,200 baud
constexpr double kFirstPause = 2000;         // in bytes: about an episode
constexpr std::uint32_t kShortestRead = 64, kLongestRead = 512;

Micros seconds(double s) { return Micros(static_cast<std::int64_t>(s * 1e6)); }

}  // namespace

ConsoleTraffic::ConsoleTraffic(const TrafficOptions& options)
    : platforms_(read_platforms(options.platforms)),
      random_(options.seed),
      end_(options.begin + options.span) {
  double total = 0;
  for (unsigned i = 1; i <= options.consoles; ++i) total += std::pow(i, -kSkew);
  const double bytes_a_second =
      static_cast<double>(options.bytes) / std::chrono::duration<double>(options.span).count();
  consoles_.reserve(options.consoles);
  for (unsigned i = 1; i <= options.consoles; ++i) {
    add_console(i, bytes_a_second * std::pow(i, -kSkew) / total);
    due_.push({next_episode(consoles_.back(), options.begin), i - 1});
  }
}

void ConsoleTraffic::add_console(unsigned number, double bytes_a_second) {
  const double line = std::max(kLineBytesASecond, 4 * bytes_a_second);
  consoles_.push_back({Device(any_platform(), number, random_.next()), bytes_a_second, 1e6 / line});
}

const Platform& ConsoleTraffic::any_platform() {
  const unsigned total =
      std::accumulate(platforms_.begin(), platforms_.end(), 0u,
                      [](unsigned sum, const Platform& platform) { return sum + platform.share; });
  std::uint32_t draw = random_.below(total);
  auto platform = platforms_.begin();
  while (draw >= platform->share) draw -= platform++->share;
  return *platform;
}

// Makes the next episode. The pause before it makes up for the size of the one just over.
WallTime ConsoleTraffic::next_episode(Console& console, WallTime now) {
  const double bytes =
      console.text.empty() ? kFirstPause : static_cast<double>(console.text.size());
  const double pause = random_.exponential() * bytes / console.bytes_a_second -
                       static_cast<double>(console.text.size()) * console.micros_per_byte * 1e-6;
  console.begun = now + seconds(std::max(0.0, pause));
  console.text.clear();
  console.printed = 0;
  console.device.print_episode(console.text, console.begun, console.micros_per_byte);
  return console.begun;
}

std::optional<ConsoleRead> ConsoleTraffic::next() {
  Due due = due_.top();
  Console& console = consoles_[due.console];
  if (console.printed == console.text.size()) {
    due_.pop();
    due_.push({next_episode(console, due.at), due.console});
    return next();
  }
  if (due.at >= end_) return std::nullopt;
  const std::size_t length = std::min<std::size_t>(random_.between(kShortestRead, kLongestRead),
                                                   console.text.size() - console.printed);
  const ConsoleRead read{due.console, due.at,
                         std::string_view(console.text).substr(console.printed, length)};
  console.printed += length;
  due_.pop();
  due.at = std::max(due.at, console.begun + seconds(static_cast<double>(console.printed) *
                                                    console.micros_per_byte * 1e-6));
  due_.push(due);
  return read;
}

}  // namespace lastgasp::bench
