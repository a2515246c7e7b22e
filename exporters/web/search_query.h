// The parameters of a search, in one place for the API and the pages (README.md lists them).
#pragma once

#include <optional>

#include "collector/transcript/reader.h"
#include "exporters/web/request.h"

namespace lastgasp {

// Refuses parameters that a search does not have: throws HttpError 400.
void only_search_parameters(const Request& request);
// Throws HttpError 400.
Query search_query(const Request& request, WallTime now, std::size_t default_limit);
// To one incident or one boot, when the request names it. Throws HttpError 400.
void narrow_query(const Request& request, TranscriptReader& store, Query& query);
// The width of the buckets when lines are to be counted, else nothing. Throws HttpError 400.
std::optional<Micros> count_width(const Request& request);

}  // namespace lastgasp
