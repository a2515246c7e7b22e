// What may be printed: console text only escaped, colour only on a terminal without NO_COLOR.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/engine/rule.h"

namespace lastgasp {

enum class Style { plain, bold, dim, red, yellow, green, cyan, hit };

// `text`, which must be printable, in this style where standard output shows colours.
std::string styled(Style style, std::string_view text);
Style style_of(Severity severity);

// Console text, escaped, with the ranges (offset, length within `text`) marked as hits.
std::string with_hits(std::string_view text,
                      const std::vector<std::pair<std::size_t, std::size_t>>& ranges);

// Writes a line to standard output. A closed pipe ends the program quietly with status 0.
void print_line(std::string_view line);

// Columns padded to the widest cell, two spaces between them. Cells are escaped here.
class Table {
 public:
  explicit Table(std::vector<std::string> head) { rows_.push_back(std::move(head)); }
  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  void print() const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace lastgasp
