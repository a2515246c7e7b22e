// The last lines a console printed, kept against the day one of them matters. One byte buffer that
// grows with what is printed and then stays: a line is copied in place, nothing is allocated.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "collector/core/console_memory.h"

namespace lastgasp {

class ContextRing {
 public:
  static constexpr std::size_t kMaxLines = 50;
  static constexpr std::size_t kMaxBytes = 16 * 1024;
  static constexpr std::size_t kMaxLineBytes = 1024;  // of a longer line its beginning is kept

  void push(std::string_view line);
  // Oldest first.
  std::vector<std::string> lines() const;
  void clear() { head_ = used_ = count_ = 0; }

 private:
  static constexpr std::size_t kHeader = 2;  // length, least significant byte first

  void pop();
  void grow(std::size_t need);
  void write(std::string_view bytes);
  // The bytes from an offset on; the second part is empty unless the buffer's end is among them.
  std::array<std::string_view, 2> part(std::size_t offset, std::size_t size) const;
  std::size_t wrapped(std::size_t place) const {
    return place < ring_.size() ? place : place - ring_.size();
  }
  char at(std::size_t offset) const { return ring_[wrapped(head_ + offset)]; }
  std::size_t length_at(std::size_t offset) const;

  std::pmr::vector<char> ring_{&console_memory()};
  std::size_t head_ = 0;  // of the oldest line
  std::size_t used_ = 0;
  std::size_t count_ = 0;
};

}  // namespace lastgasp
