// A quick generator whose numbers are the same everywhere, unlike the standard distributions.
#pragma once

#include <cmath>
#include <cstdint>

namespace lastgasp::bench {

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {  // splitmix64
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }
  // Below `bound`, which is under 2^32.
  std::uint32_t below(std::uint64_t bound) {
    return static_cast<std::uint32_t>((next() >> 32) * bound >> 32);
  }
  std::uint32_t between(std::uint32_t min, std::uint32_t max) { return min + below(max - min + 1); }
  // Below `bound`, small ones more often.
  std::uint32_t skewed(std::uint32_t bound) { return below(below(bound) + 1); }
  double exponential() {  // mean 1
    return -std::log((static_cast<double>(next() >> 11) + 1) * 0x1p-53);
  }

 private:
  std::uint64_t state_;
};

}  // namespace lastgasp::bench
