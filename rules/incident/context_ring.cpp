#include "rules/incident/context_ring.h"

#include <algorithm>

namespace lastgasp {
namespace {

// A boot prompt, 50 lines of 80 to 100 bytes, and everything. Thousands of consoles have a ring
// each: few steps, or what was outgrown takes as much memory again.
constexpr std::array<std::size_t, 3> kSizes{512, 5 * 1024, ContextRing::kMaxBytes};

}  // namespace

std::size_t ContextRing::length_at(std::size_t offset) const {
  return static_cast<unsigned char>(at(offset)) |
         static_cast<std::size_t>(static_cast<unsigned char>(at(offset + 1))) << 8;
}

void ContextRing::pop() {
  const std::size_t bytes = kHeader + length_at(0);
  head_ = wrapped(head_ + bytes);
  used_ -= bytes;
  --count_;
}

std::array<std::string_view, 2> ContextRing::part(std::size_t offset, std::size_t size) const {
  const std::string_view ring(ring_.data(), ring_.size());
  const std::string_view first = ring.substr(wrapped(head_ + offset), size);
  return {first, ring.substr(0, size - first.size())};
}

void ContextRing::grow(std::size_t need) {
  std::pmr::vector<char> grown(*std::lower_bound(kSizes.begin(), kSizes.end(), need),
                               &console_memory());
  const auto [first, second] = part(0, used_);
  std::copy(second.begin(), second.end(), std::copy(first.begin(), first.end(), grown.begin()));
  ring_ = std::move(grown);
  head_ = 0;
}

void ContextRing::write(std::string_view bytes) {
  const std::size_t to = wrapped(head_ + used_);
  const std::size_t first = std::min(bytes.size(), ring_.size() - to);
  std::copy_n(bytes.data(), first, ring_.data() + to);
  std::copy_n(bytes.data() + first, bytes.size() - first, ring_.data());
  used_ += bytes.size();
}

void ContextRing::push(std::string_view line) {
  line = line.substr(0, kMaxLineBytes);
  const std::size_t need = kHeader + line.size();
  while (count_ > 0 && (count_ >= kMaxLines || used_ + need > kMaxBytes)) {
    pop();
  }
  if (used_ + need > ring_.size()) {
    grow(used_ + need);
  }
  const char header[kHeader] = {static_cast<char>(line.size() & 0xff),
                                static_cast<char>(line.size() >> 8)};
  write({header, kHeader});
  write(line);
  ++count_;
}

std::vector<std::string> ContextRing::lines() const {
  std::vector<std::string> out;
  out.reserve(count_);
  for (std::size_t offset = 0; out.size() < count_;) {
    const std::size_t length = length_at(offset);
    const auto [first, second] = part(offset + kHeader, length);
    out.emplace_back(first).append(second);
    offset += kHeader + length;
  }
  return out;
}

}  // namespace lastgasp
