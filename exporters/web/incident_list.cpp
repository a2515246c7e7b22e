#include "exporters/web/incident_list.h"

#include "exporters/web/page_parts.h"

namespace lastgasp {
namespace {

void facts(Html& html, const Incident& incident, const std::string& by, WallTime now,
           bool name_console) {
  badge(html, "severity", name_of(incident.severity));
  if (name_console) html.element("a", {{"href", console_path(incident.console)}}, incident.console);
  html.element("span", {}, name_of(incident.kind));
  ago(html, incident.opened, now);
  if (incident.repeats > 0) html.element("span", {}, counted(incident.repeats, "repeat"));
  if (incident.boots > 0) html.element("span", {}, counted(incident.boots, "boot") + " since");
  if (incident.state == IncidentState::capturing)
    html.element("span", {{"class", "busy"}}, "still printing");
  if (incident.state == IncidentState::resolved)
    html.element("span", {{"class", "good"}},
                 incident.resolution.empty() ? "resolved" : incident.resolution);
  if (!by.empty()) html.element("span", {}, by + " looks after it");
}

}  // namespace

void incident_list(Html& html, const std::vector<Incident>& incidents,
                   const LookedAfter& looked_after, WallTime now, bool name_console) {
  html.element("ul", {{"class", "incidents"}}, [&] {
    for (const auto& incident : incidents) {
      const auto found = looked_after.find(incident.id);
      const std::string by = found == looked_after.end() ? "" : found->second;
      const bool over = incident.state == IncidentState::resolved;
      html.element("li", {{"data-is", over ? "over" : std::string(name_of(incident.severity))}},
                   [&] {
                     html.element("a", {{"class", "title"}, {"href", incident_path(incident.id)}},
                                  incident.title.empty() ? "(no title)" : incident.title);
                     html.element("p", {{"class", "facts"}},
                                  [&] { facts(html, incident, by, now, name_console); });
                   });
    }
  });
}

}  // namespace lastgasp
