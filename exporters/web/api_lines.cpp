#include "exporters/web/api.h"
#include "exporters/web/line_list.h"
#include "exporters/web/stored.h"

namespace lastgasp {
namespace {

Response answer(const LineList& lines, bool complete) {
  return {.type = kJson,
          .body = "{\"lines\":" + lines.array() + ",\"complete\":" + (complete ? "true" : "false") +
                  '}'};
}

}  // namespace

Response api_tail(const Call& call) {
  call.request.only({"console", "lines"});
  const auto name = std::string(call.request.text("console"));
  if (name.empty())
    throw HttpError(400,
                    "console: name the console whose last lines you want (see /api/v1/consoles)");
  const auto count = call.request.number("lines", 200, 10'000);
  auto store = open_store(call.backend);
  require_transcript(store, name);
  const auto newest = store.tail(name, count);
  LineList lines;
  std::size_t first = newest.size();
  for (std::size_t bytes = 0; first > 0 && bytes < kMaxAnswerBytes / 4; --first)
    bytes += newest[first - 1].text.size() + 128;
  for (std::size_t i = first; i < newest.size() && lines.add(newest[i]); ++i) continue;
  const bool complete = first == 0 && !lines.full();
  return answer(lines, complete);
}

Response api_line(const Call& call) {
  call.request.only({"before", "after"});
  const auto before = call.request.number("before", 0, 1000);
  const auto after = call.request.number("after", 0, 1000);
  auto store = open_store(call.backend);
  LineList lines;
  for (const auto& line : find_line(store, call.arguments[0], before, after))
    if (!lines.add(line)) break;
  return answer(lines, !lines.full());
}

}  // namespace lastgasp
