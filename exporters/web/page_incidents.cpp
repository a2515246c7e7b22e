#include "exporters/web/incident_list.h"
#include "exporters/web/incident_query.h"
#include "exporters/web/page.h"
#include "exporters/web/page_form.h"
#include "exporters/web/page_frame.h"
#include "exporters/web/page_parts.h"

namespace lastgasp {
namespace {

void form(Html& html, const Request& request) {
  html.element("form", {{"class", "controls"}, {"action", "/incidents"}, {"role", "search"}}, [&] {
    field(html, request, "console", "Console", "all, or a glob: ber-*");
    field(html, request, "label", "Label", "site=fra*");
    choice(html, "kind", "Kind", [&] {
      option(html, "", "any", request.text("kind"));
      for (const auto kind : kKindNames) option(html, kind, kind, request.text("kind"));
    });
    field(html, request, "since", "Since", "7d, 2026-11-22");
    check(html, request, "open", "Open only");
    html.element("button", {}, "Show");
  });
}

}  // namespace

Response page_incidents(const Call& call) {
  const auto query = incident_query(call.request, call.now.wall);
  auto store = open_store(call.backend);
  std::vector<Incident> incidents;
  for (const auto& row : store.incidents(query)) incidents.push_back(stored_incident(row));
  const Frame frame{.title = "Incidents",
                    .section = Section::incidents,
                    .view = "incidents",
                    .live = true,
                    .now = call.now.wall};
  return framed(frame, [&](Html& html) {
    html.element("h1", {}, "Incidents");
    form(html, call.request);
    if (incidents.empty())
      html.element("p", {{"class", "quiet"}}, "None that matches.");
    else
      incident_list(html, incidents, looked_after(store, incidents), call.now.wall);
    if (incidents.size() == query.limit)
      notice(html, "Only the newest " + std::to_string(query.limit) + " are shown.");
  });
}

}  // namespace lastgasp
