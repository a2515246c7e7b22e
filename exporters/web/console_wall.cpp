#include "exporters/web/console_wall.h"

#include <algorithm>
#include <cstring>
#include <set>

namespace lastgasp {
namespace {

std::string folded(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

// What the filter looks at.
std::string words_of(const ConsoleView& console) {
  std::string all = console.name + ' ' + std::string(name_of(console.condition)) + ' ' +
                    console.reason + ' ' + console.platform + ' ' + console.endpoint;
  for (const auto& [name, value] : console.labels) all += ' ' + name + '=' + value;
  return folded(std::move(all));
}

bool passes(const ConsoleView& console, const std::string& filter) {
  const auto words = words_of(console);
  for (std::size_t begin = 0; begin < filter.size();) {
    const auto end = std::min(filter.find(' ', begin), filter.size());
    if (words.find(filter.substr(begin, end - begin)) == std::string::npos) return false;
    begin = end + 1;
  }
  return true;
}

std::string value_of(const ConsoleView& console, const std::string& label) {
  for (const auto& [name, value] : console.labels)
    if (name == label) return value;
  return {};
}

bool natural(const std::string& a, const std::string& b) {  // ts9 before ts10
  return ::strverscmp(a.c_str(), b.c_str()) < 0;
}

// Groups without trouble are in the order of their names, whatever else their consoles do.
Condition worst_of(const WallGroup& group) {
  return std::min(group.consoles.front()->condition, Condition::booting);
}

}  // namespace

std::vector<WallGroup> wall_groups(const std::vector<ConsoleView>& consoles,
                                   const std::string& label, const std::string& filter) {
  const auto wanted = folded(filter);
  std::map<std::string, WallGroup> by_value;
  for (const auto& console : consoles) {
    if (!passes(console, wanted)) continue;
    auto& group = by_value[label.empty() ? std::string() : value_of(console, label)];
    group.consoles.push_back(&console);
    if (troubled(console.condition)) ++group.troubles[console.condition];
  }
  std::vector<WallGroup> groups;
  for (auto& [value, group] : by_value) {
    group.name = value;
    std::sort(group.consoles.begin(), group.consoles.end(),
              [](const ConsoleView* a, const ConsoleView* b) {
                return a->condition != b->condition ? a->condition < b->condition
                                                    : natural(a->name, b->name);
              });
    groups.push_back(std::move(group));
  }
  std::stable_sort(groups.begin(), groups.end(), [](const WallGroup& a, const WallGroup& b) {
    return worst_of(a) != worst_of(b) ? worst_of(a) < worst_of(b) : natural(a.name, b.name);
  });
  return groups;
}

WallLabels wall_labels(const std::vector<ConsoleView>& consoles) {
  struct Use {
    std::size_t consoles = 0;
    std::set<std::string_view> values;
  };
  std::map<std::string, Use> uses;
  for (const auto& console : consoles)
    for (const auto& [name, value] : console.labels) {
      ++uses[name].consoles;
      uses[name].values.insert(value);
    }
  WallLabels labels;
  std::size_t most = 0;
  for (const auto& [name, use] : uses) {
    labels.names.push_back(name);
    const bool groups = use.values.size() > 1 && use.values.size() * 2 <= use.consoles;
    if (groups && use.consoles > most) {
      most = use.consoles;
      labels.best = name;
    }
  }
  return labels;
}

}  // namespace lastgasp
