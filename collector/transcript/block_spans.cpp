#include "collector/transcript/block_spans.h"

#include <algorithm>

namespace lastgasp {

std::vector<Span> spans_of(std::span<const Record> records) {
  std::vector<Span> spans;
  std::size_t offset = 0;
  for (const Record& record : records) {
    if (spans.empty() || spans.back().console != record.console)
      spans.push_back({record.console, record.at, record.at, offset, 0});
    Span& span = spans.back();
    span.t0 = std::min(span.t0, record.at);
    span.t1 = std::max(span.t1, record.at);
    span.length += record.bytes.size();
    offset += record.bytes.size();
  }
  return spans;
}

}  // namespace lastgasp
