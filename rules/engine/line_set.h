// Many expressions tried on a line at once. Internal to `rules`.
#pragma once

#include <re2/set.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lastgasp {

// Immutable after its construction. RE2 builds the automaton while matching, behind a lock: correct
// from any thread, fast from one.
class LineSet {
 public:
  enum class Answer : std::uint8_t {
    none,    // no expression matches
    some,    // `ids` are those that do, in ascending order
    unsure,  // the automaton did not fit into its memory: every expression must be tried
  };

  // The patterns must compile. `max_memory_bytes` bounds program and automaton together. When all
  // of them match at a line's start only, most lines are over after a few bytes.
  LineSet(const std::vector<std::string>& patterns, std::int64_t max_memory_bytes);

  // A line that nothing matches costs one pass and no allocation.
  Answer find(std::string_view line, std::vector<int>& ids) const;

 private:
  re2::RE2::Set set_;
  bool compiled_ = false;
};

}  // namespace lastgasp
