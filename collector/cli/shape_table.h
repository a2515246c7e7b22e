// Counts lines by their shape within bounded memory.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace lastgasp {

struct LineShape {
  std::string shape;
  std::string example;  // the first such line
  std::uint64_t count = 0;
  std::vector<bool> on;     // which consoles or files, by their number
  std::string first, last;  // where or when it was seen

  std::size_t consoles() const;
};

class ShapeTable {
 public:
  // The rarest half goes when there are so many: rare shapes of a long transcript may be
  // undercounted.
  static constexpr std::size_t kMostShapes = 20'000;

  void add(std::string_view line, std::size_t console, const std::string& where);
  // The most frequent ones, at most `limit`.
  std::vector<LineShape> top(std::size_t limit) const;

 private:
  void drop_rarest();

  std::map<std::string, LineShape, std::less<>> shapes_;
};

}  // namespace lastgasp
