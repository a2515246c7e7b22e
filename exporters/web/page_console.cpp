#include <algorithm>
#include <optional>

#include "collector/core/bytes.h"
#include "exporters/web/page.h"
#include "exporters/web/page_parts.h"

namespace lastgasp {
namespace {

constexpr std::size_t kTailLines = 200;

template <typename All>
auto named(const All& all, const std::string& name) {
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.name == name; });
  return found == all.end() ? std::nullopt : std::optional(*found);
}

void facts(Html& html, const ConsoleView& console, WallTime now) {
  html.element("dl", {{"class", "fact-list"}}, [&] {
    fact(html, "State", [&] {
      badge(html, "state", console.state);
      if (const auto reason = reason_of(console); !reason.empty())
        html.text(" " + std::string(reason));
      if (!console.detail.empty()) html.element("span", {{"class", "quiet"}}, " " + console.detail);
    });
    fact(html, "Last byte", [&] { ago(html, console.last_received, now); });
    fact(html, "Endpoint", [&] { html.element("code", {}, console.endpoint); });
    if (!console.platform.empty()) fact(html, "Platform", std::string_view(console.platform));
    fact(html, "Boots", [&] { html.text(std::to_string(console.boots)); });
    fact(html, "Received", [&] {
      html.text(format_bytes(console.received_bytes) + ", " +
                counted(console.received_lines, "line"));
      if (console.lost_bytes > 0)
        html.element("span", {{"class", "bad"}}, ", " + format_bytes(console.lost_bytes) + " lost");
    });
    for (const auto& [name, value] : console.labels) fact(html, name, std::string_view(value));
  });
}

void gone(Html& html, const ConsoleRow& console) {
  notice(html, "This console is no longer in the configuration; its transcript is kept.");
  html.element("dl", {{"class", "fact-list"}}, [&] {
    fact(html, "Endpoint", [&] { html.element("code", {}, console.endpoint); });
    fact(html, "Stored", [&] { html.text(format_bytes(console.stored_bytes)); });
  });
}

void search_form(Html& html, const std::string& console) {
  html.element("form", {{"class", "filter"}, {"action", "/search"}, {"role", "search"}}, [&] {
    html.empty("input", {{"type", "hidden"}, {"name", "console"}, {"value", to_utf8(console)}});
    html.element("label", {{"for", "q"}}, "Search this console");
    html.empty("input", {{"id", "q"}, {"name", "q"}, {"type", "search"}, {"autocomplete", "off"}});
    html.element("button", {}, "Search");
  });
}

void recent(Html& html, TranscriptReader& store, const std::string& name, WallTime now) {
  const auto lines = store.tail(name, kTailLines);
  html.element("section", {}, [&] {
    html.element("div", {{"class", "heading"}}, [&] {
      html.element(
          "h2", {},
          lines.empty() ? std::string("Last lines") : "Last " + counted(lines.size(), "line"));
      search_form(html, name);
    });
    if (lines.empty())
      html.element("p", {{"class", "quiet"}}, "Nothing was received from it yet.");
    else
      html.element("div", {{"class", "log tail"}, {"tabindex", "0"}},
                   [&] { html.element("div", {}, [&] { transcript(html, lines); }); });
    if (!lines.empty())
      html.element("p", {}, [&] {
        html.element(
            "a",
            {{"class", "button"},
             {"href", transcript_path(name, lines.front().at - std::chrono::hours(1), now)}},
            "Earlier");
      });
  });
}

std::vector<Incident> incidents_of(TranscriptReader& store, const std::string& name) {
  std::vector<Incident> incidents;
  for (const auto& row : store.incidents({.consoles = {name}, .limit = 20}))
    incidents.push_back(stored_incident(row));
  return incidents;
}

}  // namespace

Response page_console(const Call& call) {
  const auto& name = call.arguments[0];
  auto store = open_store(call.backend);
  const auto live = named(call.backend.consoles(), name);
  const auto stored = named(store.consoles(), name);
  if (!live && !stored)
    throw HttpError(404, "there is no console called '" + to_utf8(name.substr(0, 200)) + "'");
  const Frame frame{
      .title = name, .section = Section::consoles, .live = true, .now = call.now.wall};
  return framed(frame, [&](Html& html) {
    html.element("h1", {}, name);
    if (live)
      facts(html, *live, call.now.wall);
    else
      gone(html, *stored);
    if (const auto incidents = incidents_of(store, name); !incidents.empty())
      html.element("section", {}, [&] {
        html.element("h2", {}, "Incidents");
        incident_list(html, incidents, call.now.wall, false);
      });
    recent(html, store, name, call.now.wall);
  });
}

}  // namespace lastgasp
