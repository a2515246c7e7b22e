#include "collector/line/garble_meter.h"

#include <algorithm>
#include <cstring>

namespace lastgasp {
namespace {

constexpr double kWindowBytes = 4096;
constexpr double kLeastBytes = 64;
constexpr double kGarbledShare = 0.30;
constexpr double kClearShare = 0.10;

bool unprintable(std::uint8_t c) {
  const bool layout = (c >= '\a' && c <= '\n') || c == '\r' || c == 0x1b;
  return (c < 0x20 && !layout) || c >= 0x7f;
}

// The same of sixteen bytes at once. Each place counts its own, as far as a byte can count.
using Sixteen [[gnu::vector_size(16)]] = std::uint8_t;
constexpr std::size_t kMostSteps = 255;

Sixteen unprintable(Sixteen c) {
  const auto layout =
      ((c - '\a') <= static_cast<std::uint8_t>('\n' - '\a')) | (c == '\r') | (c == 0x1b);
  return reinterpret_cast<Sixteen>(((c < 0x20) & ~layout) | (c >= 0x7f));
}

std::uint64_t count_unprintable(std::string_view bytes) {
  std::uint64_t count = 0;
  while (bytes.size() >= sizeof(Sixteen)) {
    const std::size_t steps = std::min(kMostSteps, bytes.size() / sizeof(Sixteen));
    Sixteen counts{};
    for (std::size_t i = 0; i < steps; ++i) {
      Sixteen text;
      std::memcpy(&text, bytes.data() + i * sizeof text, sizeof text);
      counts -= unprintable(text);  // true is -1
    }
    for (std::size_t i = 0; i < sizeof(Sixteen); ++i) count += counts[i];
    bytes.remove_prefix(steps * sizeof(Sixteen));
  }
  for (const char c : bytes) count += unprintable(static_cast<std::uint8_t>(c)) ? 1 : 0;
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
