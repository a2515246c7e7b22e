#include "collector/cli/print_lines.h"

#include <unistd.h>

#include <cstdio>
#include <nlohmann/json.hpp>
#include <utility>

#include "collector/cli/terminal.h"
#include "collector/core/bytes.h"
#include "exporters/web/line_json.h"
#include "exporters/web/stored.h"

namespace lastgasp {

std::string text_of(const FoundLine& line) {
  const bool mark = line.kind != RecordKind::data;
  const std::string head = format_utc(line.at) + ' ' + escaped(line.console) +
                           (mark       ? "= "
                            : line.hit ? ": "
                                       : "- ");
  const Style head_style = line.hit && !mark ? Style::cyan : Style::dim;
  const std::string body =
      mark ? styled(Style::dim, escaped(mark_text(line))) : with_hits(line.text, line.matches);
  return styled(head_style, head) + body;
}

void LinePrinter::print(const FoundLine& line) {
  if (output_ == Output::text) {
    print_text(line);
  } else {
    print_json(line_json(line));
  }
}

void LinePrinter::print_json(const std::string& object) {
  const std::string_view before = output_ == Output::jsonl ? "" : printed_ == 0 ? "[" : ",";
  print_line(std::string(before) + object);
  ++printed_;
}

// A prompt is shown as it stands; when it goes on, the whole line takes its place.
void LinePrinter::print_text(const FoundLine& line) {
  const bool overwrite = std::exchange(partial_shown_, line.partial && isatty(STDOUT_FILENO));
  if (overwrite) std::fputs("\r\x1b[K", stdout);
  const std::string text =
      (ids_ ? styled(Style::dim, escaped(to_text(line.id()))) + ' ' : "") + text_of(line);
  if (partial_shown_) {
    std::fputs(text.c_str(), stdout);
  } else if (!line.partial) {
    print_line(text);
  }
}

void LinePrinter::end() {
  if (output_ == Output::json) print_line(printed_ == 0 ? "[]" : "]");
}

void LinePrinter::end(const SearchEnd& search) {
  if (output_ != Output::text && search.cursor) {
    const nlohmann::ordered_json where{{"complete", false},
                                       {"reached", format_utc(search.reached)},
                                       {"cursor", search.cursor->text()}};
    print_json(where.dump());
  }
  end();
}

void add_ids(CLI::App& command, bool& ids) {
  command.add_flag("--ids", ids, "Begin each line with its name, which `show` takes");
}

}  // namespace lastgasp
