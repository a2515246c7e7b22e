#include "exporters/web/search_query.h"

#include "collector/core/bytes.h"
#include "exporters/web/stored.h"
#include "exporters/web/stored_boots.h"

namespace lastgasp {
namespace {

constexpr Micros kLongestBudget{std::chrono::seconds(30)};

void read_times(const Request& request, WallTime now, TimeRange& range) {
  range.from = request.time("since", now).value_or(WallTime{});
  range.to = request.time("until", now).value_or(WallTime::max());
  if (range.from >= range.to) throw HttpError(400, "since is not before until; swap them");
}

std::optional<SearchCursor> read_cursor(const Request& request, bool newest_first) {
  const auto text = request.text("cursor");
  if (text.empty()) return std::nullopt;
  try {
    return SearchCursor::parse(text, newest_first);
  } catch (const Error& e) {
    throw HttpError(400, std::string("cursor: ") + e.what());
  }
}

Micros read_budget(const Request& request) {
  const auto text = request.text("budget");
  if (text.empty()) return kSearchBudget;
  const auto budget = parse_duration(text);
  if (!budget || *budget <= Micros{0} || *budget > kLongestBudget)
    throw HttpError(
        400, "budget: '" + to_utf8(text.substr(0, 200)) + "' is not a time up to 30s, such as 10s");
  return *budget;
}

void refuse_with(const Request& request, std::string_view one,
                 std::initializer_list<std::string_view> others) {
  for (const auto other : others)
    if (!request.text(other).empty())
      throw HttpError(400, std::string(one) + " and " + std::string(other) +
                               " exclude each other; leave one out");
}

}  // namespace

void only_search_parameters(const Request& request) {
  request.only({"q", "and", "regex", "ignore_case", "console", "label", "platform", "incident",
                "boot", "since", "until", "order", "limit", "before", "after", "context", "cursor",
                "budget", "count_by"});
}

Query search_query(const Request& request, WallTime now, std::size_t default_limit) {
  Query query;
  query.text = request.text("q");
  query.also = request.all("and");
  query.platform = request.text("platform");
  query.regex = request.flag("regex");
  query.ignore_case = request.flag("ignore_case");
  query.consoles = request.all("console");
  query.labels = request.labels();
  read_times(request, now, query.range);
  const auto order = request.text("order");
  if (!order.empty() && order != "newest" && order != "oldest")
    throw HttpError(400, "order: '" + to_utf8(order.substr(0, 200)) + "' is not newest or oldest");
  query.newest_first = order != "oldest";
  query.limit = request.number("limit", default_limit, 10'000);
  if (query.limit == 0)
    throw HttpError(400, "limit: 0 finds nothing; give a number from 1 to 10000");
  const auto context = request.number("context", 0, 100);
  query.before = request.number("before", context, 100);
  query.after = request.number("after", context, 100);
  query.budget = read_budget(request);
  query.cursor = read_cursor(request, query.newest_first);
  return query;
}

void narrow_query(const Request& request, TranscriptReader& store, Query& query) {
  constexpr std::size_t kMost = INT32_MAX;
  try {
    if (const auto incident = request.number("incident", 0, kMost)) {
      refuse_with(request, "incident", {"since", "until", "boot", "console", "label"});
      narrow_to_incident(store, static_cast<IncidentId>(incident), query);
    }
    if (const auto boot = request.number("boot", 0, kMost)) {
      refuse_with(request, "boot", {"since", "until"});
      query.range = boot_range(store, query.consoles, boot);
    }
  } catch (const HttpError&) {
    throw;
  } catch (const Error& e) {
    throw HttpError(400, e.what());
  }
}

std::optional<Micros> count_width(const Request& request) {
  const auto text = request.text("count_by");
  if (text.empty()) return std::nullopt;
  const auto width = parse_duration(text);
  if (!width || *width <= Micros{0})
    throw HttpError(
        400, "count_by: '" + to_utf8(text.substr(0, 200)) + "' is not a time such as 10m or 1h");
  return width;
}

}  // namespace lastgasp
