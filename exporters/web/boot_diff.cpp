#include "exporters/web/boot_diff.h"

#include <unordered_map>

#include "rules/engine/logger_stamp.h"
#include "rules/engine/suggestion.h"

namespace lastgasp {
namespace {

// The different lines of a boot, each where it stood first.
struct Shapes {
  struct Entry {
    std::string shape;
    std::size_t first = 0;  // its line
    std::size_t count = 0;
  };
  std::vector<Entry> entries;
  std::unordered_map<std::string, std::size_t> places;

  explicit Shapes(const std::vector<BootLine>& lines) {
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const std::string shape = line_shape(without_logger_stamp(lines[i].text));
      if (shape.find_first_not_of(" \t") == std::string::npos) continue;
      const auto [place, is_new] = places.emplace(shape, entries.size());
      if (is_new) entries.push_back({shape, i, 0});
      ++entries[place->second].count;
    }
  }
};

}  // namespace

BootDiff diff_boots(const std::vector<BootLine>& older, const std::vector<BootLine>& newer) {
  const Shapes before(older), after(newer);
  BootDiff diff;
  std::size_t told = 0;  // of before.entries
  const auto tell_missing = [&](std::size_t until) {
    for (; told < until; ++told) {
      const Shapes::Entry& entry = before.entries[told];
      if (after.places.count(entry.shape) > 0) continue;
      diff.changes.push_back({false, older[entry.first], entry.count});
      ++diff.missing;
    }
  };
  for (const Shapes::Entry& entry : after.entries) {
    if (const auto common = before.places.find(entry.shape); common != before.places.end()) {
      tell_missing(common->second);
      ++diff.same;
    } else {
      diff.changes.push_back({true, newer[entry.first], entry.count});
      ++diff.added;
    }
  }
  tell_missing(before.entries.size());
  return diff;
}

}  // namespace lastgasp
