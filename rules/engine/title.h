// Titles of rules: "Fatal trap {number}: {what}", where {name} stands for what the named group
// captured and {{ for one brace. Pure; safe from any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "rules/engine/rule_set.h"

namespace lastgasp {

// The title with every {name} replaced; a group that took no part is replaced by nothing.
std::string fill_title(std::string_view title, std::span<const Capture> captures);

// What is wrong with a title of a rule whose expression has these named groups; empty when nothing.
std::string title_problem(std::string_view title, std::span<const std::string> groups);

}  // namespace lastgasp
