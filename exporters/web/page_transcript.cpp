#include <algorithm>
#include <limits>
#include <optional>

#include "collector/core/bytes.h"
#include "exporters/web/histogram.h"
#include "exporters/web/log_tools.h"
#include "exporters/web/log_view.h"
#include "exporters/web/page.h"
#include "exporters/web/page_frame.h"
#include "exporters/web/page_parts.h"
#include "exporters/web/search_form.h"
#include "exporters/web/search_query.h"

namespace lastgasp {
namespace {

constexpr std::size_t kPageBytes = std::size_t{4} << 20;  // of console text on one page
constexpr Micros kHistogramBudget{std::chrono::milliseconds(700)};

struct Results {
  std::vector<FoundLine> lines;
  SearchEnd end;
  std::optional<Histogram> histogram;
  std::optional<Log> log;                       // when it is one console, read from top to bottom
  std::vector<std::vector<ColourRun>> colours;  // of each line, when it is not
};

void find_lines(TranscriptReader& store, const Query& query, Results& results) {
  std::size_t bytes = 0;
  results.end = run_search(store, query, [&](const FoundLine& line) {
    bytes += line.text.size() + line.console.size();
    if (bytes > kPageBytes) return false;
    results.lines.push_back(line);
    return true;
  });
}

// All hits of the search, not only those of this page, as far as the budget reaches.
std::optional<Histogram> count_hits(TranscriptReader& store, Query query) {
  query.limit = std::numeric_limits<std::int32_t>::max();
  query.before = query.after = 0;
  query.budget = kHistogramBudget;
  query.cursor.reset();
  LineCounts counts{std::chrono::seconds(1)};
  run_search(store, query, [&](const FoundLine& line) {
    counts.add(line.at);
    return true;
  });
  return histogram_of(counts.buckets());
}

bool reads_one_console(const Query& query, const std::vector<FoundLine>& lines) {
  return query.text.empty() && query.also.empty() && !query.newest_first && !lines.empty() &&
         std::all_of(lines.begin(), lines.end(),
                     [&](const FoundLine& line) { return line.console == lines.front().console; });
}

Results results_of(TranscriptReader& store, const Query& query) {
  Results results;
  find_lines(store, query, results);
  if (reads_one_console(query, results.lines)) results.log = log_of(store, results.lines);
  if (results.log || results.lines.empty()) return results;
  results.histogram = count_hits(store, query);
  results.colours = colours_of_hits(store, results.lines);
  return results;
}

void outcome(Html& html, const Request& request, const Query& query, const Results& results) {
  const auto hits = std::count_if(results.lines.begin(), results.lines.end(),
                                  [](const FoundLine& line) { return line.hit; });
  const bool complete = results.end.complete;
  const bool known = results.end.reached != WallTime{} && results.end.reached != WallTime::max();
  html.element("p", {{"class", "outcome"}, {"role", "status"}}, [&] {
    html.element(
        "strong", {},
        hits == 0 ? std::string("No hit") : counted(static_cast<std::uint64_t>(hits), "hit"));
    if (complete) html.text(hits == 0 ? " in what was asked for." : ", and no more.");
    if (!complete && known) {
      html.text(query.newest_first ? " back to " : " up to ");
      stamp(html, results.end.reached, Stamp::second);
      html.text(" UTC; there may be more.");
    }
    if (!complete && !known) html.text(" so far; there may be more.");
  });
  if (results.end.damaged_blocks > 0)
    notice(html, counted(results.end.damaged_blocks, "block") +
                     " of the transcript damaged and left out.");
  if (results.histogram)
    draw(html, *results.histogram, [&](WallTime from, WallTime to) {
      return search_path(request, {{"since", format_utc(from)}, {"until", format_utc(to)}});
    });
}

void further(Html& html, const Request& request, const Query& query, const Results& results) {
  if (!results.end.cursor) return;
  html.element("p", {{"class", "actions"}}, [&] {
    action(html, search_path(request, {{"cursor", results.end.cursor->text()}}),
           query.newest_first ? "Search further back" : "Search on");
  });
}

// Where what is shown as one piece ends: at another console, or where a hit stands alone.
std::size_t piece_end(const std::vector<FoundLine>& lines, std::size_t begin, bool with_context) {
  std::size_t end = begin + 1;
  const auto goes_on = [&] {
    if (!with_context)
      return lines[end].console == lines[begin].console &&
             format_utc(lines[end].at).substr(0, 10) == format_utc(lines[begin].at).substr(0, 10);
    return lines[end].console == lines[begin].console && lines[end - 1].at <= lines[end].at;
  };
  while (end < lines.size() && goes_on()) ++end;
  return end;
}

void pieces(Html& html, const Query& query, const Results& results) {
  const auto& lines = results.lines;
  const bool with_context = query.before + query.after > 0;
  for (std::size_t begin = 0; begin < lines.size();) {
    const auto end = piece_end(lines, begin, with_context);
    html.element("section", {{"class", "piece"}}, [&] {
      html.element("h2", {}, [&] {
        html.element("a", {{"href", console_path(lines[begin].console)}}, lines[begin].console);
        html.element("span", {{"class", "quiet"}},
                     " " + format_utc(lines[begin].at).substr(0, 10) + " (UTC)");
      });
      html.element("div", {{"class", "log found"}, {"data-console", lines[begin].console}}, [&] {
        for (std::size_t i = begin; i < end; ++i) log_line(html, lines[i], results.colours[i]);
      });
    });
    begin = end;
  }
}

void show(Html& html, const Request& request, const Query& query, const Results& results) {
  outcome(html, request, query, results);
  if (results.lines.empty()) return;
  if (results.log) {
    log_tools(html, *results.log);
    html.element("div",
                 {{"class", "log"},
                  {"data-console", results.lines.front().console},
                  {"role", "region"},
                  {"aria-label", "Transcript"},
                  {"tabindex", "0"}},
                 [&] { log_lines(html, *results.log); });
  } else {
    pieces(html, query, results);
  }
  further(html, request, query, results);
}

}  // namespace

Response page_search(const Call& call) {
  const Frame frame{
      .title = "Search", .section = Section::transcripts, .view = "search", .now = call.now.wall};
  std::optional<Query> query;
  Results results;
  std::string problem;
  try {
    if (!call.request.parameters.empty()) {
      query = search_query(call.request, call.now.wall, 200);
      auto store = open_store(call.backend);
      narrow_query(call.request, store, *query);
      results = results_of(store, *query);
    }
  } catch (const HttpError& e) {
    problem = e.what();
    query.reset();
    if (e.code() != 400) throw;
  }
  auto response = framed(frame, [&](Html& html) {
    html.element("h1", {}, "Search transcripts");
    search_form(html, call.request);
    if (!problem.empty()) notice(html, problem);
    if (query) show(html, call.request, *query, results);
  });
  if (!problem.empty()) response.code = 400;
  return response;
}

}  // namespace lastgasp
