// Lines that are looked for in the benchmarks, put among the ordinary ones at known times.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "collector/core/clock.h"
#include "random.h"

namespace lastgasp::bench {

struct Needle {
  WallTime at{};
  std::size_t console = 0;
  std::string line;  // ends an open line before it, and itself
};

// What to look for, and how; `hits` lines have it.
struct NeedleQuery {
  std::string name;
  std::string text;
  bool regex = false;
  std::size_t hits = 0;  // 0: not planted, not counted or nowhere
};

// By time.
std::vector<Needle> make_needles(Random& random, std::size_t consoles, WallTime begin, Micros span);
const std::vector<NeedleQuery>& needle_queries();

}  // namespace lastgasp::bench
