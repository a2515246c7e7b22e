#include <algorithm>
#include <set>

#include "exporters/web/page.h"
#include "exporters/web/page_parts.h"

namespace lastgasp {
namespace {

constexpr auto kAround = std::chrono::minutes(2);

void facts(Html& html, const Incident& incident, WallTime now) {
  html.element("dl", {{"class", "fact-list"}}, [&] {
    fact(html, "Console", [&] {
      html.element("a", {{"href", console_path(incident.console)}}, incident.console);
    });
    fact(html, "Opened", [&] {
      ago(html, incident.opened, now);
      html.element("div", {{"class", "quiet"}}, readable(incident.opened) + " UTC");
    });
    fact(html, "State", [&] {
      html.text(kIncidentStateNames[static_cast<std::size_t>(incident.state)]);
      if (!incident.resolution.empty()) html.text(", " + incident.resolution);
      if (incident.resolved != WallTime{})
        html.element("div", {{"class", "quiet"}}, readable(incident.resolved) + " UTC");
    });
    if (!incident.platform.empty()) fact(html, "Platform", std::string_view(incident.platform));
    fact(html, "Rule", std::string_view(incident.rule));
    if (incident.last_line > 0)
      fact(html, "Stream lines", [&] {
        html.text(std::to_string(incident.first_line) + " to " +
                  std::to_string(incident.last_line));
      });
    fact(html, "Fingerprint", [&] { html.element("code", {}, incident.fingerprint); });
  });
}

void affected(Html& html, const Incident& incident) {
  if (incident.consoles.empty()) return;
  html.element("section", {}, [&] {
    html.element("h2", {}, counted(incident.consoles.size(), "console") + " affected");
    html.element("ul", {{"class", "names"}}, [&] {
      for (const auto& name : incident.consoles)
        html.element("li", {}, [&] { html.element("a", {{"href", console_path(name)}}, name); });
    });
  });
}

// Which lines of the dump a rule recognised. A finding knows its line's number in the stream, which
// is only its place in the dump while no line is missing.
std::set<std::size_t> effect_lines(const Incident& incident) {
  std::set<std::size_t> lines;
  if (incident.last_line - incident.first_line + 1 != incident.dump.size()) return lines;
  for (const auto& finding : incident.findings)
    if (finding.line > incident.first_line) lines.insert(finding.line - incident.first_line);
  return lines;
}

void words(Html& html, const Incident& incident) {
  if (incident.dump.empty() && incident.context.empty()) return;
  const auto effects = effect_lines(incident);
  html.element("section", {}, [&] {
    html.element("h2", {}, "What the console said");
    if (incident.unrecognised) notice(html, "No rule knows this crash; it has the shape of one.");
    if (incident.truncated) notice(html, "The dump broke off before its end.");
    if (incident.interleaved) notice(html, "Lines of two dumps are mixed.");
    html.element("div", {{"class", "log"}, {"tabindex", "0"}}, [&] {
      for (const auto& line : incident.context)
        html.element("div", {{"class", "line context"}}, line);
      for (std::size_t i = 0; i < incident.dump.size(); ++i)
        html.element("div",
                     {{"class", i == 0                ? "line cause"
                                : effects.contains(i) ? "line effect"
                                                      : "line"}},
                     incident.dump[i]);
    });
  });
}

void findings(Html& html, const Incident& incident) {
  if (incident.findings.size() < 2) return;
  html.element("section", {}, [&] {
    html.element("h2", {}, "Cause and effects");
    html.element("ol", {{"class", "findings"}}, [&] {
      for (const auto& finding : incident.findings)
        html.element("li", {}, [&] {
          html.element("time", {{"datetime", format_utc(finding.at)}},
                       format_utc(finding.at).substr(11, 12));
          html.element("span", {{"class", "what"}}, finding.title);
          html.element("code", {{"class", "quiet"}}, finding.rule);
        });
    });
  });
}

void functions(Html& html, const Incident& incident) {
  if (incident.functions.empty()) return;
  html.element("section", {}, [&] {
    html.element("h2", {}, "Call path, innermost first");
    html.element("ol", {{"class", "functions"}}, [&] {
      for (const auto& name : incident.functions)
        html.element("li", {}, [&] { html.element("code", {}, name); });
    });
  });
}

void afterwards(Html& html, const Incident& incident, WallTime now) {
  html.element("section", {}, [&] {
    html.element("h2", {}, "What happened next");
    html.element("p", {}, [&] {
      if (incident.state == IncidentState::capturing)
        html.text("The dump is still being printed. ");
      else if (incident.boots == 0 && incident.state == IncidentState::open)
        html.text("No boot since, no sign of recovery. ");
      if (incident.boots > 0) html.text(counted(incident.boots, "boot") + " since it opened. ");
      if (incident.repeats > 0)
        html.text("The same again " + counted(incident.repeats, "time") + " while it was open. ");
      if (incident.state == IncidentState::resolved)
        html.text("Resolved after " + format_duration(incident.resolved - incident.opened) +
                  (incident.resolution.empty() ? ". " : ": " + incident.resolution + ". "));
      else {
        html.text("Its last line came ");
        ago(html, incident.updated, now);
        html.text(". ");
      }
    });
    const auto last = std::max(incident.updated, incident.resolved);
    html.element("p", {}, [&] {
      html.element(
          "a",
          {{"class", "button"},
           {"href", transcript_path(incident.console, incident.opened - kAround, last + kAround)}},
          "Transcript around it");
    });
  });
}

void sightings(Html& html, const Call& call, TranscriptReader& store, const Incident& incident) {
  const auto seen = store.sightings(incident.fingerprint);
  std::vector<Incident> others;
  for (const auto& row : store.incidents({.fingerprint = incident.fingerprint, .limit = 11}))
    if (row.id != incident.id && others.size() < 10) others.push_back(stored_incident(row));
  html.element("section", {}, [&] {
    html.element("h2", {}, "Seen before");
    html.element("p", {},
                 others.empty() ? std::string("This is the first time that this is on record.")
                                : "Seen " + counted(seen.incidents, "time") + " on " +
                                      counted(seen.consoles, "console") + " since " +
                                      readable(seen.first) + " UTC.");
    incident_list(html, others, call.now.wall);
  });
}

}  // namespace

Response page_incident(const Call& call) {
  auto store = open_store(call.backend);
  const auto incident = find_incident(store, call.arguments[0]);
  const Frame frame{.title = incident.title,
                    .section = Section::consoles,
                    .live = incident.state != IncidentState::resolved,
                    .now = call.now.wall};
  return framed(frame, [&](Html& html) {
    html.element("div",
                 {{"class", "incident-head"}, {"data-is", std::string(name_of(incident.severity))}},
                 [&] {
                   html.element("p", {{"class", "facts"}}, [&] {
                     badge(html, "severity", name_of(incident.severity));
                     html.element("span", {}, name_of(incident.kind));
                     html.element("span", {}, "incident " + std::to_string(incident.id));
                   });
                   html.element("h1", {}, incident.title);
                 });
    facts(html, incident, call.now.wall);
    affected(html, incident);
    words(html, incident);
    findings(html, incident);
    functions(html, incident);
    afterwards(html, incident, call.now.wall);
    if (!incident.fingerprint.empty()) sightings(html, call, store, incident);
  });
}

}  // namespace lastgasp
