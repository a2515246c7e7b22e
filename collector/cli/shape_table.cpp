#include "collector/cli/shape_table.h"

#include <algorithm>

#include "rules/engine/suggestion.h"

namespace lastgasp {

std::size_t LineShape::consoles() const {
  return static_cast<std::size_t>(std::count(on.begin(), on.end(), true));
}

void ShapeTable::add(std::string_view line, std::size_t console, const std::string& where) {
  const std::string shape = line_shape(line);
  if (shapes_.size() >= kMostShapes && shapes_.find(shape) == shapes_.end()) drop_rarest();
  LineShape& entry = shapes_[shape];
  if (entry.count++ == 0) {
    entry.shape = shape;
    entry.example = line;
    entry.first = where;
  }
  entry.last = where;
  if (entry.on.size() <= console) entry.on.resize(console + 1);
  entry.on[console] = true;
}

void ShapeTable::drop_rarest() {
  std::vector<std::uint64_t> counts;
  for (const auto& [shape, entry] : shapes_) counts.push_back(entry.count);
  const auto middle = counts.begin() + static_cast<std::ptrdiff_t>(counts.size() / 2);
  std::nth_element(counts.begin(), middle, counts.end());
  std::size_t surplus = counts.size() / 2;
  for (auto entry = shapes_.begin(); entry != shapes_.end() && surplus > 0;) {
    const bool rare = entry->second.count <= *middle;
    if (rare) --surplus;
    entry = rare ? shapes_.erase(entry) : std::next(entry);
  }
}

std::vector<LineShape> ShapeTable::top(std::size_t limit) const {
  std::vector<LineShape> all;
  for (const auto& [shape, entry] : shapes_) all.push_back(entry);
  std::stable_sort(all.begin(), all.end(),
                   [](const LineShape& a, const LineShape& b) { return a.count > b.count; });
  all.resize(std::min(all.size(), limit));
  return all;
}

}  // namespace lastgasp
