// Which events the rules of each pack recognise, as a table for people: what is covered on which
// platform, and how much of it a real device has shown. Pure.
#pragma once

#include <span>
#include <string>

#include "rules/engine/pack.h"

namespace lastgasp {

// Markdown: a row for each pack, a column for each group of kinds, the number of rules in a cell;
// those marked experimental counted apart ("4+2e").
std::string coverage_table(std::span<const Pack> packs);

}  // namespace lastgasp
