#include <algorithm>

#include "exporters/web/log_tools.h"
#include "exporters/web/log_view.h"
#include "exporters/web/page.h"
#include "exporters/web/page_frame.h"
#include "exporters/web/page_parts.h"

namespace lastgasp {
namespace {

constexpr std::size_t kLinesAround = 20;  // lines on either side
constexpr std::size_t kStep = 200;        // so many more by a click
constexpr std::size_t kMostAround = 1000;

// The last line of the range that is linked to; the line itself when there is none.
LineId end_of_range(const Request& request, const LineId& first) {
  const auto text = request.text("to");
  if (text.empty()) return first;
  const auto last = parse_line_id(text);
  if (!last || last->console != first.console || *last < first)
    throw HttpError(400, "to: name a later line of the same console, as in the address of a line");
  return *last;
}

std::string more_path(const FoundLine& line, std::size_t before, std::size_t after) {
  return line_path(line.id()) + "?before=" + std::to_string(before) +
         "&after=" + std::to_string(after);
}

void more(Html& html, Literal direction, const std::string& path, Literal text) {
  html.element("p", {{"class", "more"}}, [&] {
    html.element("a", {{"data-more", std::string(direction.view())}, {"href", path}}, text.view());
  });
}

}  // namespace

Response page_line(const Call& call) {
  const auto& request = call.request;
  request.only({"before", "after", "to"});
  const auto before = request.number("before", kLinesAround, kMostAround);
  const auto after =
      request.number("after", request.text("to").empty() ? kLinesAround : kStep, kMostAround);
  auto store = open_store(call.backend);
  auto lines = find_line(store, call.arguments[0], before, after);
  const auto at =
      std::find_if(lines.begin(), lines.end(), [](const FoundLine& line) { return line.hit; });
  const auto before_chosen = static_cast<std::size_t>(at - lines.begin());
  const auto chosen = *at;
  for (auto& line : lines) line.hit = true;
  auto log = log_of(store, lines);
  log.first_chosen = chosen.id();
  log.last_chosen = end_of_range(request, chosen.id());
  const Frame frame{.title = chosen.console + " at " + readable(chosen.at),
                    .section = Section::transcripts,
                    .view = "line",
                    .now = call.now.wall};
  return framed(frame, [&](Html& html) {
    html.element("h1", {}, [&] {
      html.element("a", {{"href", console_path(chosen.console)}}, chosen.console);
      html.text(" at ");
      stamp(html, chosen.at, Stamp::second);
    });
    log_tools(html, log);
    if (before_chosen == before)  // else the transcript begins here
      more(html, "before", more_path(lines.front(), kStep, 0), "Further back");
    html.element("div",
                 {{"class", "log"},
                  {"data-console", chosen.console},
                  {"role", "region"},
                  {"aria-label", "Transcript"},
                  {"tabindex", "0"}},
                 [&] { log_lines(html, log); });
    more(html, "after", more_path(lines.back(), 0, kStep), "Further on");
  });
}

}  // namespace lastgasp
