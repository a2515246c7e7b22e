// Where a search that stopped early goes on, so that no hit comes twice and none is left out,
// whatever was printed or sealed since. Plain data.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "collector/core/error.h"
#include "collector/transcript/line_id.h"

namespace lastgasp {

class SearchCursor {
 public:
  // Before the first hit of a search that goes back from `from`, or forward.
  SearchCursor(bool newest_first, WallTime from) : newest_first_(newest_first), bound_{from} {}
  // Throws Error, with what to do, when it is none, or of a search in the other direction.
  static SearchCursor parse(std::string_view text, bool newest_first);
  // Opaque to people; safe in an address and in a shell.
  std::string text() const;

  // Whether the line comes after this place.
  bool remaining(std::string_view console, WallTime at, std::size_t nth) const;
  // Whether the number of a line of this console with this time matters to remaining().
  bool needs_number(const std::string& console, WallTime at) const;
  // Up to where everything has been searched.
  WallTime reached() const { return bound_.at; }

  // Everything newer, or older, than `at` has been searched.
  void advance(WallTime at);
  // Everything up to and with `hit` was shown; of its console, up to and with `last`, which came
  // along with it and may be further on.
  void advance(const LineId& hit, const LineId& last);

 private:
  LineId after(LineId line) const;
  bool beyond(const LineId& a, const LineId& b) const { return newest_first_ ? a < b : a > b; }
  void forget_reached();

  bool newest_first_;
  // What is below remains when the newest come first, what is not below when the oldest do.
  LineId bound_;
  std::map<std::string, LineId, std::less<>> ahead_;  // consoles that are further on than bound_
};

}  // namespace lastgasp
