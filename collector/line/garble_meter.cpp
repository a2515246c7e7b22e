#include "collector/line/garble_meter.h"

#include <algorithm>

namespace lastgasp {
namespace {

constexpr double kWindowBytes = 4096;
constexpr double kLeastBytes = 64;
constexpr double kGarbledShare = 0.30;
constexpr double kClearShare = 0.10;

// Without branches and counted in bytes, so that the compiler takes many at a step.
std::uint8_t unprintable(std::uint8_t c) {
  const bool layout = ((c >= '\a') & (c <= '\n')) | (c == '\r') | (c == 0x1b);
  return static_cast<std::uint8_t>(((c < 0x20) & !layout) | (c >= 0x7f));
}

std::uint64_t count_unprintable(std::string_view bytes) {
  constexpr std::size_t kStep = 128;  // of which a byte can hold the count
  std::uint64_t count = 0;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(kStep, bytes.size()))) {
    std::uint8_t some = 0;
    for (const char c : bytes.substr(0, kStep))
      some = static_cast<std::uint8_t>(some + unprintable(static_cast<std::uint8_t>(c)));
    count += some;
  }
  return count;
}

}  // namespace

void GarbleMeter::feed(std::string_view bytes, std::uint64_t line_errors) {
  const std::uint64_t bad = line_errors + count_unprintable(bytes);
  seen_ += static_cast<double>(bytes.size() + line_errors);
  bad_ += static_cast<double>(bad);
  if (seen_ > kWindowBytes) {
    bad_ *= kWindowBytes / seen_;
    seen_ = kWindowBytes;
  }
  if (seen_ < kLeastBytes) return;
  const double share = bad_ / seen_;
  garbled_ = share > (garbled_ ? kClearShare : kGarbledShare);
}

}  // namespace lastgasp
