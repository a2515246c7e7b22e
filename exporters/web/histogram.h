// How many hits came when: bars to click into. SVG of attributes and classes only, so that the
// Content-Security-Policy needs no exception.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "exporters/web/html.h"
#include "exporters/web/line_counts.h"

namespace lastgasp {

struct Histogram {
  Micros width{};  // of a bar
  std::vector<LineCounts::Bucket> bars;
};

// At most `most` bars, each a round time long; `seconds` are counted by the second. None when all
// hits are in one bar.
std::optional<Histogram> histogram_of(const std::vector<LineCounts::Bucket>& seconds,
                                      std::size_t most = 120);

// `path_of(from, to)` is where a bar leads.
void draw(Html& html, const Histogram& histogram,
          const std::function<std::string(WallTime, WallTime)>& path_of);

}  // namespace lastgasp
