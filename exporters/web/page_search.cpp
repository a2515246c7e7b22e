#include <algorithm>
#include <optional>

#include "collector/core/bytes.h"
#include "exporters/web/page.h"
#include "exporters/web/page_parts.h"
#include "exporters/web/search_query.h"

namespace lastgasp {
namespace {

constexpr std::size_t kPageBytes = std::size_t{4} << 20;  // of console text on one page

struct Results {
  std::vector<FoundLine> lines;
  SearchEnd end;
};

Results results_of(TranscriptReader& store, const Query& query) {
  Results results;
  std::size_t bytes = 0;
  results.end = run_search(store, query, [&](const FoundLine& line) {
    bytes += line.text.size() + line.console.size();
    if (bytes > kPageBytes) return false;
    results.lines.push_back(line);
    return true;
  });
  return results;
}

void field(Html& html, const Request& request, Literal id, Literal label, Literal hint) {
  html.element("p", {}, [&] {
    html.element("label", {{"for", std::string(id.view())}}, label.view());
    html.empty("input", {{"id", std::string(id.view())},
                         {"name", std::string(id.view())},
                         {"value", std::string(request.text(id.view()))},
                         {"placeholder", std::string(hint.view())},
                         {"autocomplete", "off"}});
  });
}

void check(Html& html, const Request& request, Literal id, Literal label) {
  const auto value = request.text(id.view());
  html.element("label", {}, [&] {
    html.empty("input", {{"type", "checkbox"},
                         {"name", std::string(id.view())},
                         {"value", "1"},
                         {"checked", "", value == "1" || value == "on" || value == "true"}});
    html.text(" ");
    html.text(label.view());
  });
}

struct Option {
  Literal value, text;
};

void choice(Html& html, const Request& request, Literal id, Literal label,
            std::initializer_list<Option> options) {
  html.element("p", {}, [&] {
    html.element("label", {{"for", std::string(id.view())}}, label.view());
    html.element("select", {{"id", std::string(id.view())}, {"name", std::string(id.view())}}, [&] {
      for (const auto& [value, text] : options)
        html.element("option",
                     {{"value", std::string(value.view())},
                      {"selected", "", value.view() == request.text(id.view())}},
                     text.view());
    });
  });
}

void form(Html& html, const Request& request) {
  html.element("form", {{"class", "search"}, {"action", "/search"}, {"role", "search"}}, [&] {
    html.element("p", {{"class", "query"}}, [&] {
      html.element("label", {{"for", "q"}}, "Text");
      html.empty("input", {{"id", "q"},
                           {"name", "q"},
                           {"type", "search"},
                           {"value", std::string(request.text("q"))},
                           {"autocomplete", "off"},
                           {"spellcheck", "false"},
                           {"placeholder", "panic, or empty for every line"}});
      html.element("button", {}, "Search");
    });
    html.element("p", {{"class", "checks"}}, [&] {
      check(html, request, "ignore_case", "Ignore case");
      check(html, request, "regex", "Regular expression (RE2)");
    });
    html.element("div", {{"class", "fields"}}, [&] {
      field(html, request, "console", "Console", "all, or a glob: ber-*");
      field(html, request, "since", "Since (UTC)", "2h, yesterday, 2026-11-22 14:00");
      field(html, request, "until", "Until (UTC)", "now");
      choice(html, request, "context", "Context",
             {{"0", "none"}, {"3", "3 lines"}, {"10", "10 lines"}, {"50", "50 lines"}});
      choice(html, request, "order", "Order",
             {{"newest", "newest first"}, {"oldest", "oldest first"}});
    });
  });
}

// The same search going on where this one stopped.
std::string next_path(const Request& request, const SearchCursor& cursor) {
  std::string path = "/search?";
  for (const auto& [name, value] : request.parameters)
    if (name != "cursor") path += url_encoded(name) + '=' + url_encoded(value) + '&';
  return path + "cursor=" + url_encoded(cursor.text());
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
    if (!complete && known)
      html.text(std::string(query.newest_first ? " back to " : " up to ") +
                readable(results.end.reached) + " UTC; there may be more.");
    if (!complete && !known) html.text(" so far; there may be more.");
  });
  if (results.end.damaged_blocks > 0)
    notice(html, counted(results.end.damaged_blocks, "block") +
                     " of the transcript damaged and left out.");
  if (results.end.cursor)
    html.element("p", {}, [&] {
      html.element("a", {{"class", "button"}, {"href", next_path(request, *results.end.cursor)}},
                   query.newest_first ? "Search further back" : "Search on");
    });
}

void found_line(Html& html, const FoundLine& line) {
  const bool mark = line.kind != RecordKind::data;
  html.element(
      "div",
      {{"class", mark       ? "line mark"
                 : line.hit ? "line"
                            : "line context"}},
      [&] {
        html.element("span", {{"class", "where"}}, [&] {
          html.element(
              "a", {{"href", line_path(line.id())}, {"title", "This line and those around it"}},
              format_utc(line.at).substr(0, 10) + " " + format_utc(line.at).substr(11, 12));
          html.text(" ");
          html.element("a", {{"href", console_path(line.console)}}, line.console);
        });
        html.text(" ");
        line_text(html, line);
      });
}

void show(Html& html, const Call& call, const Query& query, const Results& results) {
  outcome(html, call.request, query, results);
  if (results.lines.empty()) return;
  const auto& first = results.lines.front().console;
  const bool one_console =
      query.text.empty() && !query.newest_first &&
      std::all_of(results.lines.begin(), results.lines.end(),
                  [&](const FoundLine& line) { return line.console == first; });
  html.element("div", {{"class", one_console ? "log" : "log found"}, {"tabindex", "0"}}, [&] {
    if (one_console) return transcript(html, results.lines);
    for (const auto& line : results.lines) found_line(html, line);
  });
}

}  // namespace

Response page_search(const Call& call) {
  const Frame frame{.title = "Search", .section = Section::search, .now = call.now.wall};
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
    form(html, call.request);
    if (!problem.empty()) notice(html, problem);
    if (query) show(html, call, *query, results);
  });
  if (!problem.empty()) response.code = 400;
  return response;
}

}  // namespace lastgasp
