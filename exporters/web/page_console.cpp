#include <algorithm>
#include <optional>

#include "collector/core/bytes.h"
#include "exporters/web/boot_list.h"
#include "exporters/web/incident_list.h"
#include "exporters/web/log_tools.h"
#include "exporters/web/log_view.h"
#include "exporters/web/page.h"
#include "exporters/web/page_frame.h"
#include "exporters/web/page_parts.h"

namespace lastgasp {
namespace {

constexpr std::size_t kTailLines = 200;
constexpr std::size_t kMostBoots = 30;

template <typename All>
auto named(const All& all, const std::string& name) {
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.name == name; });
  return found == all.end() ? std::nullopt : std::optional(*found);
}

void heading(Html& html, const ConsoleView& console) {
  html.element("div", {{"class", "console-head"}}, [&] {
    html.element("h1", {}, console.name);
    html.element("p", {{"class", "facts"}}, [&] {
      badge(html, "state", name_of(console.condition));
      if (const auto reason = reason_of(console); !reason.empty()) html.element("span", {}, reason);
      if (!console.detail.empty()) html.element("span", {}, console.detail);
      if (console.condition_since != WallTime{})
        html.element("span", {}, [&] {
          html.text("since ");
          stamp(html, console.condition_since, Stamp::second);
        });
    });
  });
}

std::string errors_of(const LineErrorCounts& errors) {
  std::string text;
  const auto add = [&](std::uint64_t count, const std::string& noun) {
    if (count > 0) text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + noun;
  };
  add(errors.framing, "framing");
  add(errors.parity, "parity");
  add(errors.overrun, "overrun");
  add(errors.breaks, "break");
  return text.empty() ? "none" : text;
}

void health(Html& html, const ConsoleView& console, WallTime now) {
  html.element("dl", {{"class", "fact-list"}}, [&] {
    fact(html, "Last byte", [&] { ago(html, console.last_received, now); });
    fact(html, "Endpoint", [&] { html.element("code", {}, console.endpoint); });
    if (!console.platform.empty()) fact(html, "Platform", std::string_view(console.platform));
    fact(html, "Received", [&] {
      html.text(format_bytes(console.received_bytes) + ", " +
                counted(console.received_lines, "line"));
      if (console.lost_bytes > 0)
        html.element("span", {{"class", "bad"}}, ", " + format_bytes(console.lost_bytes) + " lost");
    });
    fact(html, "Line errors", [&] { html.text(errors_of(console.line_errors)); });
    fact(html, "Link", [&] {
      html.text(counted(console.connect_attempts, "attempt") + ", " +
                std::to_string(console.connect_failures) + " failed, " +
                counted(console.disconnects, "disconnect"));
    });
    if (console.connected_since != WallTime{})
      fact(html, "Connected", [&] { ago(html, console.connected_since, now); });
    fact(html, "Silent allowed", [&] {
      html.text(console.silence > Micros{0} ? format_duration(console.silence) : "for ever");
    });
    for (const auto& [name, value] : console.labels) fact(html, name, std::string_view(value));
  });
}

void gone(Html& html, const ConsoleRow& console) {
  html.element("h1", {}, console.name);
  notice(html, "This console is no longer in the configuration; its transcript is kept.");
  html.element("dl", {{"class", "fact-list"}}, [&] {
    fact(html, "Endpoint", [&] { html.element("code", {}, console.endpoint); });
    fact(html, "Stored", [&] { html.text(format_bytes(console.stored_bytes)); });
  });
}

void search_here(Html& html, const std::string& console) {
  html.element("form", {{"class", "controls"}, {"action", "/search"}, {"role", "search"}}, [&] {
    html.empty("input", {{"type", "hidden"}, {"name", "console"}, {"value", to_utf8(console)}});
    html.element("label", {{"for", "q"}}, "Search this console");
    html.empty("input", {{"id", "q"},
                         {"name", "q"},
                         {"type", "search"},
                         {"aria-keyshortcuts", "/"},
                         {"autocomplete", "off"}});
    html.element("button", {}, "Search");
  });
}

void tail(Html& html, const std::string& name, const Log& log) {
  html.element("div",
               {{"class", "log tail"},
                {"id", "tail"},
                {"data-console", name},
                {"role", "region"},
                {"aria-label", "Last lines"},
                {"tabindex", "0"}},
               [&] {
                 html.element("div", {{"class", "lines"}}, [&] { log_lines(html, log); });
               });
  html.element("p", {{"class", "more"}}, [&] {
    html.element("a",
                 {{"data-more", "before"},
                  {"href", line_path(log.lines.front().id()) + "?before=200&after=0"}},
                 "Further back");
  });
}

void recent(Html& html, TranscriptReader& store, const std::string& name) {
  const auto lines = store.tail(name, kTailLines);
  html.element("section", {}, [&] {
    html.element("div", {{"class", "heading"}}, [&] {
      html.element(
          "h2", {},
          lines.empty() ? std::string("Last lines") : "Last " + counted(lines.size(), "line"));
      html.element("p", {{"class", "live"}}, [&] {
        html.element("span", {{"id", "live"}, {"role", "status"}}, "");
        html.element(
            "button",
            {{"id", "pause"}, {"type", "button"}, {"hidden", ""}, {"aria-keyshortcuts", "p"}},
            "Pause");
      });
      search_here(html, name);
    });
    if (lines.empty())
      html.element("p", {{"class", "quiet"}}, "Nothing was received from it yet.");
    else {
      const auto log = log_of(store, lines);
      log_tools(html, log);
      tail(html, name, log);
    }
  });
}

void boots(Html& html, TranscriptReader& store, const std::string& name, WallTime now) {
  auto found = store.boots({.consoles = {name}, .limit = kMostBoots});
  std::erase_if(found, [&](const FoundBoot& boot) { return boot.console != name; });
  if (found.empty()) return;
  html.element("section", {{"id", "boots"}}, [&] {
    html.element("h2", {}, "Boots");
    boot_list(html, name, found, now);
  });
}

void incidents(Html& html, TranscriptReader& store, const std::string& name, WallTime now) {
  std::vector<Incident> found;
  for (const auto& row : store.incidents({.consoles = {name}, .limit = 20})) {
    auto incident = stored_incident(row);
    if (incident.console == name) found.push_back(std::move(incident));
  }
  html.element("section", {{"id", "incidents"}}, [&] {
    html.element("h2", {}, "Incidents");
    if (found.empty()) html.element("p", {{"class", "quiet"}}, "None on record.");
    incident_list(html, found, looked_after(store, found), now, false);
  });
}

}  // namespace

Response page_console(const Call& call) {
  const auto& name = call.arguments[0];
  auto store = open_store(call.backend);
  const auto live = named(call.backend.consoles(), name);
  const auto stored = named(store.consoles(), name);
  if (!live && !stored)
    throw HttpError(404, "there is no console called '" + to_utf8(name.substr(0, 200)) + "'");
  const Frame frame{.title = name,
                    .section = Section::wall,
                    .view = "console",
                    .live = true,
                    .now = call.now.wall};
  return framed(frame, [&](Html& html) {
    html.element("div", {{"id", "about"}}, [&] {
      if (live) {
        heading(html, *live);
        health(html, *live, call.now.wall);
      } else {
        gone(html, *stored);
      }
    });
    recent(html, store, name);
    boots(html, store, name, call.now.wall);
    incidents(html, store, name, call.now.wall);
  });
}

}  // namespace lastgasp
