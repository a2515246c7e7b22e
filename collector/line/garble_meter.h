// Tells a console at the wrong baud rate from one that speaks: the share of bytes no console prints
// over the last 4 KiB read. Observed, never probed. Belongs to one thread.
#pragma once

#include <cstdint>
#include <string_view>

namespace lastgasp {

class GarbleMeter {
 public:
  // `line_errors` are framing and parity errors that came with `bytes`; each counts as a bad byte.
  void feed(std::string_view bytes, std::uint64_t line_errors = 0);
  // More than 30 % of the last 4 KiB (at least 64 bytes) unprintable; false again under 10 %.
  bool garbled() const { return garbled_; }

 private:
  double seen_ = 0;  // decayed to kWindow bytes
  double bad_ = 0;
  bool garbled_ = false;
};

}  // namespace lastgasp
