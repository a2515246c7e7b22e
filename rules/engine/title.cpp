#include "rules/engine/title.h"

#include <algorithm>

namespace lastgasp {
namespace {

// Calls literal(text) and group(name) for the pieces of `title` in order. False when a { has no }.
template <typename Literal, typename Group>
bool split_title(std::string_view title, Literal literal, Group group) {
  while (!title.empty()) {
    const auto open = title.find('{');
    literal(title.substr(0, open));
    if (open == std::string_view::npos) return true;
    title.remove_prefix(open + 1);
    if (title.starts_with('{')) {
      literal(title.substr(0, 1));
      title.remove_prefix(1);
      continue;
    }
    const auto close = title.find('}');
    if (close == std::string_view::npos) return false;
    group(title.substr(0, close));
    title.remove_prefix(close + 1);
  }
  return true;
}

std::string list_of(std::span<const std::string> groups) {
  std::string text;
  for (const std::string& group : groups) text += (text.empty() ? "{" : ", {") + group + "}";
  return text.empty() ? "match has no named group (?P<name>...)" : "match has " + text;
}

}  // namespace

std::string fill_title(std::string_view title, std::span<const Capture> captures) {
  std::string text;
  split_title(
      title, [&](std::string_view literal) { text += literal; },
      [&](std::string_view name) {
        const auto found = std::find_if(captures.begin(), captures.end(),
                                        [&](const Capture& c) { return c.name == name; });
        if (found != captures.end()) text += found->value;
      });
  return text;
}

std::string title_problem(std::string_view title, std::span<const std::string> groups) {
  std::string problem;
  const bool closed = split_title(
      title, [](std::string_view) {},
      [&](std::string_view name) {
        if (!problem.empty() || std::find(groups.begin(), groups.end(), name) != groups.end())
          return;
        problem = "{" + std::string(name) + "} is no group of match; " + list_of(groups);
      });
  if (!closed) return "a { has no }; write {{ for a brace";
  return problem;
}

}  // namespace lastgasp
