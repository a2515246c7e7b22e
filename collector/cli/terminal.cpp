#include "collector/cli/terminal.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "collector/core/bytes.h"

namespace lastgasp {
namespace {

bool colours() {
  static const bool shown = [] {
    const char* refused = std::getenv("NO_COLOR");
    return isatty(STDOUT_FILENO) && !(refused && *refused);
  }();
  return shown;
}

const char* code_of(Style style) {
  switch (style) {
    case Style::plain:
      return "";
    case Style::bold:
      return "\x1b[1m";
    case Style::dim:
      return "\x1b[2m";
    case Style::red:
      return "\x1b[1;31m";
    case Style::yellow:
      return "\x1b[33m";
    case Style::green:
      return "\x1b[32m";
    case Style::cyan:
      return "\x1b[36m";
    case Style::hit:
      return "\x1b[1;31m";
  }
  return "";
}

}  // namespace

std::string styled(Style style, std::string_view text) {
  if (style == Style::plain || !colours()) return std::string(text);
  return code_of(style) + std::string(text) + "\x1b[0m";
}

Style style_of(Severity severity) {
  switch (severity) {
    case Severity::critical:
      return Style::red;
    case Severity::warning:
      return Style::yellow;
    case Severity::info:
      return Style::cyan;
  }
  return Style::plain;
}

std::string with_hits(std::string_view text,
                      const std::vector<std::pair<std::size_t, std::size_t>>& ranges) {
  std::string out;
  std::size_t done = 0;
  for (const auto& [offset, length] : ranges) {
    if (offset < done || offset + length > text.size()) continue;
    append_escaped(out, text.substr(done, offset - done));
    out += styled(Style::hit, escaped(text.substr(offset, length)));
    done = offset + length;
  }
  append_escaped(out, text.substr(done));
  return out;
}

void print_line(std::string_view line) {
  const bool written = std::fwrite(line.data(), 1, line.size(), stdout) == line.size() &&
                       std::fputc('\n', stdout) != EOF;
  if (!written) std::_Exit(0);
}

void Table::print() const {
  std::vector<std::size_t> widths(rows_[0].size());
  for (const auto& row : rows_)
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], escaped(row[i]).size());
  for (std::size_t r = 0; r < rows_.size(); ++r) {
    std::string line;
    for (std::size_t i = 0; i < rows_[r].size(); ++i) {
      std::string cell = escaped(rows_[r][i]);
      const std::size_t pad = i + 1 < rows_[r].size() ? widths[i] - cell.size() + 2 : 0;
      line += cell + std::string(pad, ' ');
    }
    print_line(r == 0 ? styled(Style::bold, line) : line);
  }
}

}  // namespace lastgasp
