#include <algorithm>
#include <nlohmann/json.hpp>

#include "collector/core/bytes.h"
#include "exporters/web/api.h"
#include "exporters/web/line_json.h"
#include "exporters/web/stored.h"

namespace lastgasp {
namespace {

using Json = nlohmann::ordered_json;

// Collects lines as the text of a JSON array, up to kMaxAnswerBytes.
class LineList {
 public:
  // False, and nothing added, when there is no more room.
  bool add(const FoundLine& line) {
    const auto json = line_json(line);
    if (text_.size() + json.size() > kMaxAnswerBytes) return full_ = true, false;
    if (!text_.empty()) text_ += ',';
    text_ += json;
    last_ = line.at;
    hits_ += line.hit;
    return true;
  }
  bool full() const { return full_; }
  WallTime last() const { return last_; }
  std::size_t hits() const { return hits_; }
  std::string array() const { return '[' + text_ + ']'; }

 private:
  std::string text_;
  bool full_ = false;
  WallTime last_{};
  std::size_t hits_ = 0;
};

Json reached_json(const SearchEnd& end, const LineList& lines) {
  const auto reached = lines.full() ? lines.last() : end.reached;
  return reached == WallTime{} || reached == WallTime::max() ? Json(nullptr)
                                                             : Json(format_utc(reached));
}

}  // namespace

Response api_search(const Call& call) {
  call.request.only({"q", "regex", "ignore_case", "console", "since", "until", "order", "limit",
                     "before", "after", "context"});
  const auto query = search_query(call.request, call.now.wall, 100);
  auto store = open_store(call.backend);
  LineList lines;
  const auto end = run_search(store, query, [&](const FoundLine& line) { return lines.add(line); });
  const Json rest = {{"hits", lines.hits()},
                     {"complete", end.complete && !lines.full()},
                     {"reached", reached_json(end, lines)},
                     {"damaged_blocks", end.damaged_blocks},
                     {"searched_bytes", end.searched_bytes}};
  return {.type = kJson, .body = "{\"lines\":" + lines.array() + ',' + rest.dump().substr(1)};
}

Response api_tail(const Call& call) {
  call.request.only({"console", "lines"});
  const auto name = std::string(call.request.text("console"));
  if (name.empty())
    throw HttpError(400,
                    "console: name the console whose last lines you want (see /api/v1/consoles)");
  const auto count = call.request.number("lines", 200, 10'000);
  auto store = open_store(call.backend);
  const auto known = store.consoles();
  if (std::none_of(known.begin(), known.end(), [&](const auto& row) { return row.name == name; }))
    throw HttpError(
        404, "there is no transcript of a console called '" + to_utf8(name.substr(0, 200)) + "'");
  const auto newest = store.tail(name, count);
  LineList lines;
  std::size_t first = newest.size();
  for (std::size_t bytes = 0; first > 0 && bytes < kMaxAnswerBytes / 4; --first)
    bytes += newest[first - 1].text.size() + 128;
  for (std::size_t i = first; i < newest.size() && lines.add(newest[i]); ++i) continue;
  const bool complete = first == 0 && !lines.full();
  return {.type = kJson,
          .body = "{\"lines\":" + lines.array() + ",\"complete\":" + (complete ? "true" : "false") +
                  '}'};
}

}  // namespace lastgasp
