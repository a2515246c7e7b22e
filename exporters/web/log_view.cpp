#include "exporters/web/log_view.h"

#include <algorithm>

#include "exporters/web/page_parts.h"

namespace lastgasp {
namespace {

// The runs moved to the UTF-8 text of the line; none when they cut its characters in pieces.
std::vector<ColourRun> moved(const FoundLine& line, std::span<const ColourRun> runs) {
  FoundLine as_matches = line;
  as_matches.matches.clear();
  for (const auto& run : runs) as_matches.matches.emplace_back(run.offset, run.length);
  const auto places = utf8_line(as_matches).matches;
  if (places.size() != runs.size()) return {};
  std::vector<ColourRun> out;
  for (std::size_t i = 0; i < runs.size(); ++i)
    out.push_back({places[i].first, places[i].second, runs[i].classes});
  return out;
}

void coloured(Html& html, std::string_view text, std::size_t begin, std::size_t end,
              std::span<const ColourRun> runs) {
  std::size_t done = begin;
  const auto plain_to = [&](std::size_t to) {
    if (to > done) html.text(text.substr(done, to - done));
    done = std::max(done, to);
  };
  for (const auto& run : runs) {
    const auto from = std::max(run.offset, done), to = std::min(run.offset + run.length, end);
    if (to <= from) continue;
    plain_to(from);
    html.element("span", {{"class", run.classes}}, text.substr(from, to - from));
    done = to;
  }
  plain_to(end);
}

void line_text(Html& html, const FoundLine& line, std::span<const ColourRun> colours) {
  if (line.kind != RecordKind::data) return html.text(mark_text(line));
  const auto shown = utf8_line(line);
  const auto runs = moved(line, colours);
  std::size_t done = 0;
  for (const auto& [offset, length] : shown.matches) {
    coloured(html, shown.text, done, offset, runs);
    html.element("mark", {}, [&] { coloured(html, shown.text, offset, offset + length, runs); });
    done = offset + length;
  }
  coloured(html, shown.text, done, shown.text.size(), runs);
}

void event_line(Html& html, const LogEvent& event) {
  html.element("div", {{"class", "line event"}, {"data-is", event.kind}}, [&] {
    html.element("span", {{"class", "when"}}, [&] { stamp(html, event.at, Stamp::clock); });
    html.element("a", {{"class", "text"}, {"href", event.href}}, event.text);
  });
}

constexpr std::size_t kMostLater = 1000;  // incidents looked through for the next one

std::optional<IncidentRow> incident_before(TranscriptReader& store, const std::string& console,
                                           WallTime at) {
  auto rows = store.incidents(
      {.consoles = {console}, .range = {WallTime{}, at}, .limit = 1, .bodies = false});
  if (rows.empty()) return std::nullopt;
  return std::move(rows.front());
}

std::optional<IncidentRow> incident_after(TranscriptReader& store, const std::string& console,
                                          WallTime at) {
  auto rows = store.incidents({.consoles = {console},
                               .range = {at, WallTime::max()},
                               .limit = kMostLater,
                               .bodies = false});
  if (rows.empty()) return std::nullopt;
  return std::move(rows.back());
}

}  // namespace

std::vector<LogEvent> events_of(TranscriptReader& store, const std::string& console,
                                TimeRange range) {
  constexpr std::size_t kMost = 200;
  std::vector<LogEvent> events;
  for (const auto& boot : store.boots({.consoles = {console}, .range = range, .limit = kMost}))
    if (boot.console == console)
      events.push_back({boot.boot.began, "boot",
                        "boot " + (boot.boot.reason.empty() ? "" : "(" + boot.boot.reason + ")"),
                        console_path(console) + "#boots"});
  for (const auto& row :
       store.incidents({.consoles = {console}, .range = range, .limit = kMost, .bodies = false}))
    events.push_back({row.opened, "incident",
                      "incident " + std::to_string(row.id) + ": " + row.title,
                      incident_path(row.id)});
  std::stable_sort(events.begin(), events.end(),
                   [](const LogEvent& a, const LogEvent& b) { return a.at < b.at; });
  return events;
}

Log log_of(TranscriptReader& store, std::span<const FoundLine> lines) {
  Log log{.lines = lines};
  if (lines.empty()) return log;
  log.events =
      events_of(store, lines.front().console, {lines.front().at, lines.back().at + Micros(1)});
  log.colours = colours_of(store, lines);
  log.incident_before = incident_before(store, lines.front().console, lines.front().at);
  log.incident_after = incident_after(store, lines.front().console, lines.back().at + Micros(1));
  return log;
}

void log_line(Html& html, const FoundLine& line, std::span<const ColourRun> colours, bool chosen) {
  const bool mark = line.kind != RecordKind::data;
  std::string classes = mark ? "line mark" : line.hit ? "line" : "line context";
  if (chosen) classes += " chosen";
  const std::string is(kRecordKindNames[static_cast<std::size_t>(line.kind)]);
  html.element("div", {{"class", classes}, {"data-is", is, mark}}, [&] {
    html.element("a", {{"class", "when"}, {"href", line_path(line.id())}},
                 [&] { stamp(html, line.at, Stamp::clock); });
    html.element("span", {{"class", "text"}}, [&] { line_text(html, line, colours); });
  });
}

void log_lines(Html& html, const Log& log) {
  std::string day;
  auto event = log.events.begin();
  for (std::size_t i = 0; i < log.lines.size(); ++i) {
    const auto& line = log.lines[i];
    if (const auto today = format_utc(line.at).substr(0, 10); today != day)
      html.element("div", {{"class", "day"}}, (day = today) + " (UTC)");
    for (; event != log.events.end() && event->at <= line.at; ++event) event_line(html, *event);
    const auto id = line.id();
    const bool chosen = log.first_chosen && *log.first_chosen <= id && id <= *log.last_chosen;
    log_line(html, line, log.colours.empty() ? std::span<const ColourRun>() : log.colours[i],
             chosen);
  }
}

}  // namespace lastgasp
