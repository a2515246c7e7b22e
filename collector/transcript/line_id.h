// The name of a line for ever: sealing, moving and packing blocks anew change neither its console
// nor its time nor what else that console printed at this time. Pure.
#pragma once

#include <compare>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "collector/core/clock.h"

namespace lastgasp {

// Ordered by time: the order of search results.
struct LineId {
  WallTime at{};  // arrival of its first byte
  std::string console;
  // Which of the lines and marks of the console with this very time, in order of arrival: the lines
  // of one read share a time.
  std::size_t nth = 0;

  // clang-tidy 14 takes the 0 of rewritten comparisons for a pointer.
  auto operator<=>(const LineId&) const = default;  // NOLINT(modernize-use-nullptr)
};

// "core1@1795262625123456", or with ".3" for the fourth of its time: microseconds since 1970.
std::string to_text(const LineId& id);
// Nothing when it is no such name. The name of a console may hold any character.
std::optional<LineId> parse_line_id(std::string_view text);

}  // namespace lastgasp
