#include <limits>
#include <nlohmann/json.hpp>

#include "exporters/web/api.h"
#include "exporters/web/line_counts.h"
#include "exporters/web/line_list.h"
#include "exporters/web/search_query.h"
#include "exporters/web/stored.h"

namespace lastgasp {
namespace {

using Json = nlohmann::ordered_json;

Json reached_json(WallTime reached) {
  return reached == WallTime{} || reached == WallTime::max() ? Json(nullptr)
                                                             : Json(format_utc(reached));
}

// `found` is the text of a JSON array.
Response answer(const char* name, const std::string& found, std::size_t hits,
                const SearchEnd& end) {
  const Json rest = {{"hits", hits},
                     {"complete", end.complete},
                     {"reached", reached_json(end.reached)},
                     {"cursor", end.cursor ? Json(end.cursor->text()) : Json(nullptr)},
                     {"damaged_blocks", end.damaged_blocks},
                     {"searched_bytes", end.searched_bytes}};
  return {.type = kJson,
          .body = std::string("{\"") + name + "\":" + found + ',' + rest.dump().substr(1)};
}

Response counts_of(TranscriptReader& store, Query query, Micros width) {
  query.limit = std::numeric_limits<std::int32_t>::max();
  LineCounts counts(width);
  const auto end = run_search(store, query, [&](const FoundLine& line) {
    if (line.hit) counts.add(line.at);
    return true;
  });
  std::string buckets;
  for (const auto& bucket : counts.buckets())
    buckets += (buckets.empty() ? "" : ",") + bucket_json(bucket);
  return answer("buckets", '[' + buckets + ']', end.hits, end);
}

}  // namespace

Response api_search(const Call& call) {
  only_search_parameters(call.request);
  auto query = search_query(call.request, call.now.wall, 100);
  const auto width = count_width(call.request);
  auto store = open_store(call.backend);
  narrow_query(call.request, store, query);
  if (width) return counts_of(store, query, *width);
  LineList lines;
  const auto end = run_search(store, query, [&](const FoundLine& line) { return lines.add(line); });
  return answer("lines", lines.array(), lines.hits(), end);
}

}  // namespace lastgasp
