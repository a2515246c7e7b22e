#include "collector/cli/print_lines.h"

#include <unistd.h>

#include <cstdio>
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
  switch (output_) {
    case Output::text:
      print_line(text_of(line));
      break;
    case Output::json:
      print_line((printed_ == 0 ? "[" : ",") + line_json(line));
      break;
    case Output::jsonl:
      print_line(line_json(line));
      break;
  }
  ++printed_;
}

// A prompt is shown as it stands; when it goes on, the whole line takes its place.
void LinePrinter::print_text(const FoundLine& line) {
  const bool overwrite = std::exchange(partial_shown_, line.partial && isatty(STDOUT_FILENO));
  if (overwrite) std::fputs("\r\x1b[K", stdout);
  if (partial_shown_) {
    std::fputs(text_of(line).c_str(), stdout);
  } else if (!line.partial) {
    print_line(text_of(line));
  }
}

void LinePrinter::end() {
  if (output_ == Output::json) print_line(printed_ == 0 ? "[]" : "]");
}

}  // namespace lastgasp
