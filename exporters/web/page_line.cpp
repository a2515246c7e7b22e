#include <algorithm>

#include "exporters/web/page.h"
#include "exporters/web/page_parts.h"

namespace lastgasp {
namespace {

constexpr std::size_t kLinesAround = 20;  // lines on either side

void further(Html& html, const std::vector<FoundLine>& lines, const FoundLine& chosen) {
  const auto link = [&](const FoundLine& to, Literal text) {
    if (to.id() == chosen.id()) return;
    html.element("a", {{"class", "button"}, {"href", line_path(to.id())}}, text.view());
    html.text(" ");
  };
  html.element("p", {}, [&] {
    link(lines.front(), "Further back");
    link(lines.back(), "Further on");
    html.element("a", {{"href", console_path(chosen.console)}}, "Now");
  });
}

}  // namespace

Response page_line(const Call& call) {
  auto store = open_store(call.backend);
  const auto lines = find_line(store, call.arguments[0], kLinesAround, kLinesAround);
  const auto& chosen =
      *std::find_if(lines.begin(), lines.end(), [](const FoundLine& line) { return line.hit; });
  const Frame frame{.title = chosen.console + " at " + readable(chosen.at),
                    .section = Section::search,
                    .now = call.now.wall};
  return framed(frame, [&](Html& html) {
    html.element("h1", {}, [&] {
      html.element("a", {{"href", console_path(chosen.console)}}, chosen.console);
      html.text(" at " + readable(chosen.at) + " UTC");
    });
    const LineId id = chosen.id();
    html.element("div", {{"class", "log"}, {"tabindex", "0"}},
                 [&] { transcript(html, lines, &id); });
    further(html, lines, chosen);
  });
}

}  // namespace lastgasp
