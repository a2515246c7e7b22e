#include <algorithm>
#include <map>

#include "exporters/web/console_wall.h"
#include "exporters/web/incident_list.h"
#include "exporters/web/page.h"
#include "exporters/web/page_frame.h"
#include "exporters/web/page_parts.h"

namespace lastgasp {
namespace {

constexpr std::size_t kMostIncidents = 8;  // above the consoles, or they are out of sight

struct OpenIncidents {
  std::vector<Incident> shown;         // the gravest first
  LookedAfter looked_after;            // of those shown
  std::map<std::string, Incident> of;  // the gravest of each console
  std::size_t count = 0;
  std::string problem;  // why they are not known
};

OpenIncidents open_incidents(TranscriptReader& store) {
  OpenIncidents incidents;
  for (const auto& row : store.incidents({.open_only = true, .limit = 1000}))
    incidents.shown.push_back(stored_incident(row));
  incidents.count = incidents.shown.size();
  std::stable_sort(incidents.shown.begin(), incidents.shown.end(),
                   [](const Incident& a, const Incident& b) { return a.severity > b.severity; });
  for (const auto& incident : incidents.shown) incidents.of.try_emplace(incident.console, incident);
  if (incidents.count > kMostIncidents) incidents.shown.resize(kMostIncidents);
  incidents.looked_after = looked_after(store, incidents.shown);
  return incidents;
}

OpenIncidents open_incidents(const Call& call) {
  try {
    auto store = open_store(call.backend);
    return open_incidents(store);
  } catch (const Error& e) {
    return {.problem = e.what()};
  }
}

std::string wall_path(const std::string& label, const std::string& filter) {
  return "/?filter=" + url_encoded(filter) + "&group=" + url_encoded(label);
}

void totals(Html& html, const std::vector<ConsoleView>& consoles, const OpenIncidents& incidents,
            const std::string& label) {
  std::map<Condition, std::size_t> conditions;  // most troubled first
  for (const auto& console : consoles) ++conditions[console.condition];
  html.element("section", {{"class", "totals"}, {"aria-label", "Totals"}}, [&] {
    html.element("p",
                 {{"class", "headline"},
                  {"data-is", incidents.count > 0 ? "bad" : "good", incidents.problem.empty()}},
                 !incidents.problem.empty() ? "Incidents unknown"
                 : incidents.count == 0     ? "No open incidents"
                                            : counted(incidents.count, "open incident"));
    html.element("ul", {{"id", "conditions"}, {"class", "conditions"}}, [&] {
      html.element("li", {}, [&] {
        html.element("a", {{"href", wall_path(label, "")}}, counted(consoles.size(), "console"));
      });
      for (const auto& entry : conditions)
        html.element("li", {}, [&] {
          const std::string word(name_of(entry.first));
          html.element("a", {{"href", wall_path(label, word)}}, [&] {
            badge(html, "state", word);
            html.text(" " + std::to_string(entry.second));
          });
        });
    });
  });
}

void controls(Html& html, const WallLabels& labels, const std::string& label,
              const std::string& filter) {
  html.element(
      "form", {{"id", "wall-form"}, {"class", "controls"}, {"action", "/"}, {"role", "search"}},
      [&] {
        html.element("label", {{"for", "filter"}}, "Filter");
        html.empty("input", {{"id", "filter"},
                             {"name", "filter"},
                             {"type", "search"},
                             {"value", filter},
                             {"autocomplete", "off"},
                             {"aria-keyshortcuts", "/"},
                             {"placeholder", "name, state, platform, label=value"}});
        html.element("label", {{"for", "group"}}, "Group by");
        html.element("select", {{"id", "group"}, {"name", "group"}}, [&] {
          html.element("option", {{"value", ""}}, "nothing");
          for (const auto& name : labels.names)
            html.element("option", {{"value", name}, {"selected", "", name == label}}, name);
        });
        html.element("button", {}, "Show");
      });
}

// What the pointer shows of a console, and what the filter finds it by.
std::string hint(const ConsoleView& console) {
  std::string text = console.endpoint;
  if (!console.platform.empty()) text += " \xc2\xb7 " + console.platform;
  for (const auto& [name, value] : console.labels) text += " \xc2\xb7 " + name + "=" + value;
  return text;
}

// What is wrong with a console: its gravest incident, or what its link says.
void why(Html& html, const ConsoleView& console, const Incident* incident) {
  html.element("span", {{"class", "why"}}, [&] {
    if (incident)
      return html.element("a", {{"href", incident_path(incident->id)}}, incident->title);
    html.text(reason_of(console));
    if (!console.detail.empty()) html.text(" (" + console.detail + ")");
  });
}

// Of a calm console only the name is seen; its shape and, to a screen reader, its word say the
// rest. Tiles and groups have ids: when the page is renewed in place each stays the element it is,
// so that a console one is about to open does not become another.
void tile(Html& html, const ConsoleView& console, const OpenIncidents& incidents, WallTime now) {
  const std::string word(name_of(console.condition));
  const auto id = "console-" + console.name;
  html.element("li", {{"id", id}, {"data-is", word}, {"title", hint(console)}}, [&] {
    html.element("a", {{"href", console_path(console.name)}}, console.name);
    html.element("span", {{"class", "is"}}, word);
    if (!troubled(console.condition)) return;
    const auto incident = incidents.of.find(console.name);
    why(html, console, incident == incidents.of.end() ? nullptr : &incident->second);
    if (console.condition_since != WallTime{})
      html.element("span", {{"class", "since"}}, [&] { ago(html, console.condition_since, now); });
  });
}

void group_heading(Html& html, const WallGroup& group, const std::string& label) {
  html.element("h3", {}, [&] {
    html.text(label.empty()        ? "All consoles"
              : group.name.empty() ? "without " + label
                                   : group.name);
    html.element("span", {{"class", "count"}}, [&] {
      html.text(" " + std::to_string(group.consoles.size()));
      for (const auto& [condition, count] : group.troubles)
        html.text(" \xc2\xb7 " + std::to_string(count) + " " + std::string(name_of(condition)));
    });
  });
}

void wall_group(Html& html, const WallGroup& group, const std::string& label,
                const OpenIncidents& incidents, WallTime now) {
  const auto id = "group-" + url_encoded(group.name);
  html.element("section", {{"id", id}, {"class", "group"}, {"data-name", group.name}}, [&] {
    group_heading(html, group, label);
    html.element("ul", {{"class", "tiles"}}, [&] {
      for (const auto* console : group.consoles) tile(html, *console, incidents, now);
    });
  });
}

void wall(Html& html, const std::vector<ConsoleView>& consoles, const OpenIncidents& incidents,
          const std::string& label, const std::string& filter, WallTime now) {
  const auto groups = wall_groups(consoles, label, filter);
  html.element("div", {{"id", "wall"}, {"data-label", label}}, [&] {
    for (const auto& group : groups) wall_group(html, group, label, incidents, now);
  });
  html.element("p", {{"id", "no-match"}, {"class", "quiet"}, {"hidden", "", !groups.empty()}},
               consoles.empty() ? "No console is configured." : "No console matches the filter.");
}

void incidents_above(Html& html, const OpenIncidents& incidents, WallTime now) {
  html.element("section", {{"id", "open-incidents"}}, [&] {
    if (incidents.count == 0) return;
    html.element("h2", {}, "Open incidents");
    incident_list(html, incidents.shown, incidents.looked_after, now);
    if (incidents.count > incidents.shown.size())
      html.element("p", {}, [&] {
        html.element("a", {{"href", "/incidents?open=1"}},
                     "All " + std::to_string(incidents.count));
      });
  });
}

}  // namespace

Response page_wall(const Call& call) {
  const auto consoles = call.backend.consoles();
  const auto incidents = open_incidents(call);
  const auto labels = wall_labels(consoles);
  const std::string filter(call.request.text("filter"));
  const bool chosen = call.request.has("group");
  const std::string label = chosen ? std::string(call.request.text("group")) : labels.best;
  const Frame frame{
      .title = incidents.count == 0 ? "Wall" : "(" + std::to_string(incidents.count) + ") Wall",
      .section = Section::wall,
      .view = "wall",
      .live = true,
      .now = call.now.wall};
  return framed(frame, [&](Html& html) {
    html.element("h1", {{"class", "unseen"}}, "Consoles");
    if (!incidents.problem.empty()) notice(html, incidents.problem);
    totals(html, consoles, incidents, label);
    incidents_above(html, incidents, call.now.wall);
    if (call.request.text("only") == "incidents") return;  // for the scripts
    html.element("section", {}, [&] {
      html.element("div", {{"class", "heading"}}, [&] {
        html.element("h2", {}, "Consoles");
        controls(html, labels, label, filter);
      });
      wall(html, consoles, incidents, label, filter, call.now.wall);
    });
  });
}

}  // namespace lastgasp
