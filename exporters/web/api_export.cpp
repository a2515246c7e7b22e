#include <memory>

#include "collector/core/bytes.h"
#include "exporters/web/api.h"
#include "exporters/web/downloads.h"
#include "exporters/web/stored.h"
#include "exporters/web/transcript_export.h"

namespace lastgasp {
namespace {

ExportPart part_of(const Request& request, TranscriptReader& store, WallTime now) {
  ExportPart part{request.all("console"), {}};
  const auto id = request.number("incident", 0, INT32_MAX);
  if (id == 0 && part.consoles.empty())
    throw HttpError(400, "console: name one, or give the number of an incident");
  if (id == 0) {
    part.range.from = request.time("since", now).value_or(WallTime{});
    part.range.to = request.time("until", now).value_or(WallTime::max());
    return part;
  }
  if (!request.text("since").empty() || !request.text("until").empty())
    throw HttpError(400, "incident says from when to when: leave out since and until");
  try {
    ExportPart whole = part_of(store, static_cast<IncidentId>(id));
    if (!part.consoles.empty()) whole.consoles = part.consoles;
    return whole;
  } catch (const HttpError&) {
    throw;
  } catch (const Error& e) {
    throw HttpError(404, e.what());
  }
}

TranscriptExport export_of(TranscriptReader& store, ExportPart part, ExportForm form) {
  try {
    return {store, std::move(part), form};
  } catch (const Error& e) {
    throw HttpError(400, e.what());
  }
}

// "core1-20261122.log": nothing in it that a file system or a header minds.
std::string file_name(const ExportPart& part, const char* ending, WallTime now) {
  std::string name;
  for (const char c : part.consoles.front().substr(0, 100)) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    name += plain || c == '-' || c == '_' ? c : '_';
  }
  const WallTime from = part.range.from == WallTime{} ? now : part.range.from;
  return name + '-' + format_utc_day(from) + ending;
}

}  // namespace

Response api_export(const Call& call) {
  const Request& request = call.request;
  request.only({"console", "since", "until", "incident", "form"});
  const auto form = request.text("form");
  if (form != "raw" && form != "text")
    throw HttpError(400, "form: say raw, for the bytes as received, or text, for lines with times");
  const bool raw = form == "raw";
  auto store = open_store(call.backend);
  const ExportPart part = part_of(request, store, call.now.wall);
  const auto whole = std::make_shared<TranscriptExport>(
      export_of(store, part, raw ? ExportForm::raw : ExportForm::text));
  std::string first = whole->next(store);
  if (first.empty()) throw HttpError(404, "there is nothing of that in the transcripts");
  const auto name = file_name(part, raw ? ".raw.log" : ".txt", call.now.wall);
  return {.type = raw ? "application/octet-stream" : kPlain,
          .headers = {{"Content-Disposition", "attachment; filename=\"" + name + "\""}},
          .stream = call.downloads.start(std::move(first), [whole, &backend = call.backend] {
            auto again = open_store(backend);
            return whole->next(again);
          })};
}

}  // namespace lastgasp
