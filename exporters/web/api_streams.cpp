#include <nlohmann/json.hpp>

#include "collector/core/bytes.h"
#include "exporters/web/api.h"
#include "exporters/web/console_filter.h"
#include "exporters/web/stored.h"
#include "exporters/web/streams.h"

namespace lastgasp {
namespace {

template <typename Open>
Response streamed(const Request& request, Open open) {
  Response response{.type = kEvents, .headers = {{"X-Accel-Buffering", "no"}}};
  if (request.method != "HEAD") response.stream = open();
  return response;
}

// A browser that reconnects says itself what it had last.
std::optional<LineId> resumed_after(const Request& request) {
  const std::string name(request.last_event_id.empty() ? request.text("after")
                                                       : request.last_event_id);
  if (name.empty()) return std::nullopt;
  auto id = parse_line_id(name);
  if (!id || id->console != request.text("console"))
    throw HttpError(400, "after: '" + to_utf8(name.substr(0, 200)) +
                             "' is no \"id\" of a line of this console");
  return id;
}

}  // namespace

Response api_events(const Call& call) {
  call.request.only({"console", "label"});
  auto filter = console_filter(call.request);
  const nlohmann::ordered_json hello = {{"now", format_utc(call.now.wall)},
                                        {"version", call.backend.version()}};
  return streamed(call.request, [&] {
    return call.streams.changes(std::move(filter), event_text("hello", hello.dump()));
  });
}

Response api_tail_stream(const Call& call) {
  call.request.only({"console", "after"});
  const std::string console(call.request.text("console"));
  if (console.empty())
    throw HttpError(400, "console: name the console whose lines you want (see /api/v1/consoles)");
  auto after = resumed_after(call.request);
  auto store = open_store(call.backend);
  require_transcript(store, console);
  if (!after)
    for (const FoundLine& newest : store.tail(console, 1)) after = newest.id();
  return streamed(call.request, [&] { return call.streams.tail(console, std::move(after)); });
}

}  // namespace lastgasp
