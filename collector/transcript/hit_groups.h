// Hits among the lines of one console in one block, those whose contexts overlap as one group.
// Pure.
#pragma once

#include <string>
#include <vector>

#include "collector/transcript/console_lines.h"
#include "collector/transcript/reader.h"
#include "collector/transcript/snapshot.h"
#include "collector/transcript/text_matcher.h"

namespace lastgasp {

struct HitGroup {
  WallTime at{};  // of the newest hit, or of the oldest when the oldest comes first
  ConsoleId console = 0;
  BlockRef block;
  std::size_t first = 0;                              // number of lines[0] within the block
  std::vector<FoundLine> lines;                       // in the order they were printed
  std::size_t before_missing = 0, after_missing = 0;  // context that lies in other blocks
};

// Line `i` as a hit or, when it does not match or is outside the range, as context.
// Its number is that among the lines of its block.
FoundLine found_line(const Query& query, const TextMatcher& matcher, const std::string& console,
                     const ConsoleLines& lines, std::size_t i, std::size_t earlier);

// No more than query.limit hits: the newest or the oldest of them. In the order they were printed.
// `places` are those of lines.all_text().
// `earlier` is how many lines before the block have the time of its first one; it matters to a
// cursor.
std::vector<HitGroup> hit_groups(const Query& query, const TextMatcher& matcher,
                                 const BlockRef& block, ConsoleId id, const std::string& console,
                                 const ConsoleLines& lines, const TextMatcher::Places& places,
                                 std::size_t earlier);

}  // namespace lastgasp
