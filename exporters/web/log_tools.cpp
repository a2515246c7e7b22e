#include "exporters/web/log_tools.h"

#include <algorithm>

#include "exporters/web/page_parts.h"

namespace lastgasp {
namespace {

// The transcript from shortly before an incident.
std::string around(const std::string& console, const IncidentRow& incident) {
  return transcript_path(console, incident.opened - std::chrono::minutes(2),
                         std::max(incident.updated, incident.opened) + std::chrono::minutes(5));
}

void jump_form(Html& html, const std::string& console, WallTime from) {
  html.element("form", {{"class", "jump"}, {"action", "/search"}}, [&] {
    html.empty("input", {{"type", "hidden"}, {"name", "console"}, {"value", console}});
    html.empty("input", {{"type", "hidden"}, {"name", "order"}, {"value", "oldest"}});
    html.element("label", {{"for", "jump"}}, "Go to");
    html.empty("input", {{"id", "jump"},
                         {"name", "since"},
                         {"value", readable(from)},
                         {"autocomplete", "off"},
                         {"title", "A time in UTC, or how long ago: 2h"}});
    html.element("button", {}, "Go");
  });
}

}  // namespace

void log_tools(Html& html, const Log& log) {
  const auto& console = log.lines.front().console;
  const auto from = log.lines.front().at, to = log.lines.back().at + Micros(1);
  html.element("div", {{"class", "tools"}}, [&] {
    jump_form(html, console, from);
    html.element("p", {{"class", "actions"}}, [&] {
      if (const auto& before = log.incident_before)
        html.element("a",
                     {{"class", "button"},
                      {"rel", "prev"},
                      {"data-key", "E"},
                      {"title", before->title},
                      {"href", around(console, *before)}},
                     "Previous incident");
      if (const auto& after = log.incident_after)
        html.element("a",
                     {{"class", "button"},
                      {"rel", "next"},
                      {"data-key", "e"},
                      {"title", after->title},
                      {"href", around(console, *after)}},
                     "Next incident");
      html.element("a", {{"href", export_path(console, from, to, "text")}, {"download", ""}},
                   "Save as text");
      html.element("a", {{"href", export_path(console, from, to, "raw")}, {"download", ""}},
                   "Save raw");
      html.element("a", {{"href", console_path(console)}}, "Now");
    });
  });
}

}  // namespace lastgasp
