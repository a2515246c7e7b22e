#include <algorithm>

#include "exporters/web/deliveries_view.h"
#include "exporters/web/dump_view.h"
#include "exporters/web/incident_list.h"
#include "exporters/web/notes_view.h"
#include "exporters/web/page.h"
#include "exporters/web/page_frame.h"
#include "exporters/web/page_parts.h"

namespace lastgasp {
namespace {

constexpr auto kTimeAround = std::chrono::minutes(2);
constexpr std::size_t kMostOthers = 10;

bool resolved(const Incident& incident) { return incident.state == IncidentState::resolved; }

WallTime last_of(const Incident& incident) { return std::max(incident.updated, incident.resolved); }

void heading(Html& html, const Incident& incident, WallTime now) {
  const std::string severity(name_of(incident.severity));
  html.element("div", {{"class", "incident-head"}, {"data-is", severity}}, [&] {
    html.element("p", {{"class", "facts"}}, [&] {
      badge(html, "severity", severity);
      html.element("span", {}, name_of(incident.kind));
      html.element("a", {{"href", console_path(incident.console)}}, incident.console);
      if (!incident.platform.empty()) html.element("span", {}, incident.platform);
      html.element("span", {}, [&] {
        stamp(html, incident.opened, Stamp::second);
        html.text(", ");
        ago(html, incident.opened, now);
      });
      html.element("strong", {{"class", resolved(incident) ? "good" : "busy"}},
                   kIncidentStateNames[static_cast<std::size_t>(incident.state)]);
    });
    html.element("h1", {}, incident.title.empty() ? "(no title)" : incident.title);
    if (!incident.dump.empty())
      html.element("p", {{"class", "first-cause"}}, incident.dump.front());
  });
}

void actions(Html& html, const Incident& incident) {
  const auto from = incident.opened - kTimeAround, to = last_of(incident) + kTimeAround;
  html.element("p", {{"class", "actions"}}, [&] {
    action(html, transcript_path(incident.console, from, to), "Transcript around it");
    html.element("a",
                 {{"href", "/api/v1" + incident_path(incident.id)},
                  {"download", "incident-" + std::to_string(incident.id) + ".json"}},
                 "Export JSON");
    html.element("a", {{"href", export_path(incident.console, from, to, "text")}, {"download", ""}},
                 "Save as text");
    html.element("a", {{"href", export_path(incident.console, from, to, "raw")}, {"download", ""}},
                 "Save raw");
    html.element("a", {{"href", incident_path(incident.id)}, {"rel", "bookmark"}}, "Permalink");
  });
}

void facts(Html& html, const Incident& incident) {
  html.element("dl", {{"class", "fact-list"}}, [&] {
    fact(html, "Incident", [&] { html.text(std::to_string(incident.id)); });
    fact(html, "Rule", [&] {
      html.element("a", {{"href", "/rules?rule=" + url_encoded(incident.rule)}}, incident.rule);
    });
    if (incident.last_line > 0)
      fact(html, "Stream lines", [&] {
        html.text(std::to_string(incident.first_line) + " to " +
                  std::to_string(incident.last_line));
      });
    if (!incident.fingerprint.empty())
      fact(html, "Fingerprint", [&] {
        html.element("a", {{"href", "/incidents?fingerprint=" + url_encoded(incident.fingerprint)}},
                     [&] { html.element("code", {}, incident.fingerprint); });
      });
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

void findings(Html& html, const Incident& incident) {
  if (incident.findings.size() < 2) return;
  html.element("section", {}, [&] {
    html.element("h2", {}, "Cause and effects");
    html.element("ol", {{"class", "findings"}}, [&] {
      for (const auto& finding : incident.findings)
        html.element("li", {}, [&] {
          stamp(html, finding.at, Stamp::clock);
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

void moment(Html& html, WallTime at, const std::string& text) {
  html.element("li", {}, [&] {
    if (at != WallTime{}) stamp(html, at, Stamp::second);
    html.element("span", {{"class", "what"}}, text);
  });
}

// Boots after it opened, oldest first, as far as they belong to it.
std::vector<FoundBoot> boots_after(TranscriptReader& store, const Incident& incident) {
  if (incident.boots == 0) return {};
  const auto to = resolved(incident) ? incident.resolved + Micros(1) : WallTime::max();
  auto boots =
      store.boots({.consoles = {incident.console}, .range = {incident.opened + Micros(1), to}});
  std::erase_if(boots, [&](const FoundBoot& b) { return b.console != incident.console; });
  std::reverse(boots.begin(), boots.end());
  return boots;
}

std::string how_it_booted(const BootRow& boot) {
  std::string text = "rebooted";
  if (!boot.reason.empty()) text += " (" + boot.reason + ")";
  if (boot.done != WallTime{}) text += ", up after " + format_duration(boot.done - boot.began);
  return text;
}

void afterwards(Html& html, TranscriptReader& store, const Incident& incident) {
  html.element("section", {}, [&] {
    html.element("h2", {}, "What happened next");
    html.element("ol", {{"class", "findings"}}, [&] {
      moment(html, incident.opened, "opened");
      for (const auto& boot : boots_after(store, incident))
        moment(html, boot.boot.began, how_it_booted(boot.boot));
      if (incident.repeats > 0)
        moment(html, incident.updated,
               "the same again, " + counted(incident.repeats, "time") + " while it was open");
      if (resolved(incident))
        moment(html, incident.resolved,
               "resolved after " + format_duration(incident.resolved - incident.opened) +
                   (incident.resolution.empty() ? "" : ": " + incident.resolution));
      else
        moment(html, {},
               incident.state == IncidentState::capturing ? "The dump is still being printed."
               : incident.boots == 0                      ? "No boot since, no sign of recovery."
                                                          : "Not resolved yet.");
    });
  });
}

void sightings(Html& html, const Call& call, TranscriptReader& store, const Incident& incident) {
  if (incident.fingerprint.empty()) return;
  const auto seen = store.sightings(incident.fingerprint);
  std::vector<Incident> others;
  for (const auto& row :
       store.incidents({.fingerprint = incident.fingerprint, .limit = kMostOthers + 1}))
    if (row.id != incident.id && others.size() < kMostOthers)
      others.push_back(stored_incident(row));
  html.element("section", {}, [&] {
    html.element("h2", {}, "Seen before");
    html.element("p", {}, [&] {
      if (others.empty()) return html.text("This is the first time that this is on record.");
      html.element(
          "a", {{"href", "/incidents?fingerprint=" + url_encoded(incident.fingerprint)}},
          "Seen " + counted(seen.incidents, "time") + " on " + counted(seen.consoles, "console"));
      html.text(" since ");
      stamp(html, seen.first, Stamp::second);
      html.text(".");
    });
    incident_list(html, others, looked_after(store, others), call.now.wall);
  });
}

}  // namespace

Response page_incident(const Call& call) {
  auto store = open_store(call.backend);
  const auto incident = find_incident(store, call.arguments[0]);
  const Frame frame{.title = incident.title,
                    .section = Section::incidents,
                    .view = "incident",
                    .live = !resolved(incident),
                    .now = call.now.wall};
  return framed(frame, [&](Html& html) {
    heading(html, incident, call.now.wall);
    actions(html, incident);
    html.element("div", {{"class", "columns"}}, [&] {
      html.element("div", {{"class", "wide-column"}}, [&] { dump_view(html, incident); });
      html.element("aside", {{"aria-label", "About this incident"}}, [&] {
        notes_view(html, incident.id, store.notes(incident.id));
        afterwards(html, store, incident);
        deliveries_view(html, call.backend.deliveries(incident.id));
        affected(html, incident);
        sightings(html, call, store, incident);
        findings(html, incident);
        functions(html, incident);
        facts(html, incident);
      });
    });
  });
}

}  // namespace lastgasp
