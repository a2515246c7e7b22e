#include "collector/console/sources/parity_marks.h"

#include <cstring>

namespace lastgasp {

std::string_view ParityMarks::decode(std::span<char> raw) {
  constexpr char kEscape = '\xff';
  if (state_ == State::data && std::memchr(raw.data(), kEscape, raw.size()) == nullptr) {
    return {raw.data(), raw.size()};
  }
  std::size_t out = 0;
  for (const char byte : raw) {
    if (state_ == State::data) {
      if (byte == kEscape) {
        state_ = State::escape;
      } else {
        raw[out++] = byte;
      }
    } else if (state_ == State::escape) {
      state_ = byte == '\0' ? State::marked : State::data;
      if (byte != '\0') raw[out++] = byte;  // ff ff; a driver that does not double sends ff x
    } else {
      state_ = State::data;
      if (byte == '\0') {
        ++breaks_;
      } else {
        ++damaged_;
        raw[out++] = byte;
      }
    }
  }
  return {raw.data(), out};
}

}  // namespace lastgasp
