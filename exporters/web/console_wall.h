// The consoles as the wall shows them: filtered, grouped by a label, the most troubled first. Pure.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "exporters/web/backend.h"

namespace lastgasp {

// Whether the condition is one that somebody should look at.
constexpr bool troubled(Condition condition) { return condition < Condition::booting; }

struct WallGroup {
  std::string name;                           // the value of the label; empty for those without it
  std::vector<const ConsoleView*> consoles;   // most troubled first, then by name
  std::map<Condition, std::size_t> troubles;  // how many are in which troubled condition
};

// The values of the label `label` (empty: all in one group), groups with the worst console first.
// Only consoles that have every word of `filter` somewhere in what is known of them. Points into
// `consoles`.
std::vector<WallGroup> wall_groups(const std::vector<ConsoleView>& consoles,
                                   const std::string& label, const std::string& filter);

// The names of all labels, and the one that groups best: that most consoles have, with more than
// one value and fewer values than half of the consoles. Empty when there is none.
struct WallLabels {
  std::vector<std::string> names;
  std::string best;
};
WallLabels wall_labels(const std::vector<ConsoleView>& consoles);

}  // namespace lastgasp
