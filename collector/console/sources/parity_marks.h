// Takes the marks out of what a terminal device delivers with PARMRK set: `ff ff` is the byte ff,
// `ff 00 00` a break, `ff 00 x` the byte x received with a framing or parity error. Pure.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace lastgasp {

class ParityMarks {
 public:
  // Decodes in place, wherever the stream was cut. A damaged byte is kept as it came, a break
  // leaves nothing.
  std::string_view decode(std::span<char> raw);

  // Counted since the start.
  std::uint32_t breaks() const { return breaks_; }
  std::uint32_t damaged() const { return damaged_; }

 private:
  enum class State : std::uint8_t { data, escape, marked };
  State state_ = State::data;
  std::uint32_t breaks_ = 0, damaged_ = 0;
};

}  // namespace lastgasp
