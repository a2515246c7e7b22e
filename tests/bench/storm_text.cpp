#include "storm_text.h"

#include <utility>

namespace lastgasp::bench {
namespace {

constexpr unsigned kConsoles = 1000;
constexpr std::size_t kReadBytes = 4096;
constexpr WallTime kBegin{std::chrono::sys_days(std::chrono::year(2026) / 6 / 1)};
constexpr Micros kSpan = std::chrono::hours(24);

}  // namespace

StormText::StormText(std::uint64_t about_bytes) {
  ConsoleTraffic traffic({LASTGASP_TRAFFIC, 1, kConsoles, about_bytes, kBegin, kSpan});
  for (std::size_t i = 0; i < traffic.consoles(); ++i) names.push_back(traffic.name(i));
  std::vector<std::string> gathered(names.size());
  const auto put = [&](std::size_t console, WallTime at) {
    bytes += gathered[console].size();
    reads.push_back({console, at, std::exchange(gathered[console], {})});
  };
  while (const auto read = traffic.next()) {
    gathered[read->console] += read->bytes;
    if (gathered[read->console].size() >= kReadBytes) put(read->console, read->at);
  }
  for (std::size_t i = 0; i < gathered.size(); ++i)
    if (!gathered[i].empty()) put(i, kBegin + kSpan);
}

}  // namespace lastgasp::bench
