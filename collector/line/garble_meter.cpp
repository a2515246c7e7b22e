#include "collector/line/garble_meter.h"

namespace lastgasp {
namespace {

constexpr double kWindowBytes = 4096;
constexpr double kLeastBytes = 64;
constexpr double kGarbledShare = 0.30;
constexpr double kClearShare = 0.10;

bool unprintable(unsigned char c) {
  const bool layout = c == '\t' || c == '\n' || c == '\r' || c == '\b' || c == 0x1b || c == 0x07;
  return (c < 0x20 && !layout) || c == 0x7f || c >= 0x80;
}

}  // namespace

void GarbleMeter::feed(std::string_view bytes, std::uint64_t line_errors) {
  std::uint64_t bad = line_errors;
  for (const char c : bytes) bad += unprintable(static_cast<unsigned char>(c));
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
