#include <algorithm>
#include <cstring>
#include <map>

#include "collector/core/bytes.h"
#include "exporters/web/page.h"
#include "exporters/web/page_parts.h"

namespace lastgasp {
namespace {

constexpr std::size_t kMaxRows = 1000;

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

// What the filter looks at.
std::string words_of(const ConsoleView& console) {
  std::string all = console.name + ' ' + console.state + ' ' + console.reason + ' ' +
                    console.platform + ' ' + console.endpoint;
  for (const auto& [name, value] : console.labels) all += ' ' + name + '=' + value;
  return lower(std::move(all));
}

// Whether every word of the filter is somewhere in what is known of the console.
bool passes(const ConsoleView& console, const std::string& filter) {
  const auto words = words_of(console);
  for (std::size_t begin = 0; begin < filter.size();) {
    const auto end = std::min(filter.find(' ', begin), filter.size());
    if (words.find(filter.substr(begin, end - begin)) == std::string::npos) return false;
    begin = end + 1;
  }
  return true;
}

// Most troubled first: 0 is worst.
int calm(const ConsoleView& console) {
  if (console.open_incidents > 0) return 0;
  if (console.state == "down") return 1;
  if (console.state == "connecting") return 3;
  return console.state == "up" && reason_of(console).empty() ? 4 : 2;
}

std::vector<ConsoleView> shown_consoles(std::vector<ConsoleView> all, const std::string& filter) {
  std::erase_if(all, [&](const ConsoleView& console) { return !passes(console, filter); });
  std::sort(all.begin(), all.end(), [](const ConsoleView& a, const ConsoleView& b) {
    return calm(a) != calm(b)
               ? calm(a) < calm(b)
               : ::strverscmp(a.name.c_str(), b.name.c_str()) < 0;  // ts9 before ts10
  });
  return all;
}

struct Incidents {
  std::vector<Incident> open, over;
  std::string problem;  // why there are none
};

Incidents load_incidents(const Call& call) {
  Incidents incidents;
  try {
    auto store = open_store(call.backend);
    for (const auto& row : store.incidents({.open_only = true, .limit = 100}))
      incidents.open.push_back(stored_incident(row));
    const TimeRange last_day{.from = call.now.wall - std::chrono::hours(24)};
    for (const auto& row : store.incidents({.range = last_day, .limit = 100}))
      if (row.resolved != WallTime{} && incidents.over.size() < 10)
        incidents.over.push_back(stored_incident(row));
  } catch (const Error& e) {
    incidents.problem = e.what();
  }
  std::stable_sort(incidents.open.begin(), incidents.open.end(),
                   [](const Incident& a, const Incident& b) { return a.severity > b.severity; });
  return incidents;
}

void totals(Html& html, const std::vector<ConsoleView>& consoles, const Incidents& incidents) {
  std::map<std::string, std::size_t> states;
  for (const auto& console : consoles) ++states[console.state];
  const auto open = incidents.open.size();
  html.element("section", {{"class", "totals"}, {"aria-label", "Totals"}}, [&] {
    html.element(
        "p",
        {{"class", "headline"}, {"data-is", open > 0 ? "bad" : "good", incidents.problem.empty()}},
        !incidents.problem.empty() ? "Incidents unknown"
        : open == 0                ? "No open incidents"
                                   : counted(open, "open incident"));
    html.element("ul", {{"class", "states"}}, [&] {
      html.element("li", {}, [&] {
        html.element("a", {{"href", "/"}}, counted(consoles.size(), "console"));
      });
      for (const auto& state : states)
        html.element("li", {}, [&] {
          html.element("a", {{"href", "/?filter=" + url_encoded(state.first)}}, [&] {
            badge(html, "state", state.first);
            html.text(" " + std::to_string(state.second));
          });
        });
    });
  });
}

void console_row(Html& html, const ConsoleView& console, WallTime now) {
  html.element("tr", {}, [&] {
    html.element("th", {{"scope", "row"}}, [&] {
      html.element("a", {{"href", console_path(console.name)}}, console.name);
    });
    html.element("td", {{"title", console.detail, !console.detail.empty()}}, [&] {
      badge(html, "state", console.state);
      if (const auto reason = reason_of(console); !reason.empty())
        html.element("span", {{"class", "reason"}}, " " + std::string(reason));
    });
    html.element("td", {}, [&] { ago(html, console.last_received, now); });
    html.element("td", {{"class", "number"}}, [&] {
      if (console.open_incidents > 0)
        html.element("strong", {}, std::to_string(console.open_incidents));
    });
    html.element("td", {{"class", "number wide"}}, std::to_string(console.boots));
    html.element("td", {{"class", "number wide"}}, [&] {
      html.text(format_bytes(console.received_bytes));
      if (console.lost_bytes > 0)
        html.element("span", {{"class", "bad"}},
                     " (" + format_bytes(console.lost_bytes) + " lost)");
    });
    html.element("td", {{"class", "wide"}}, console.platform);
  });
}

void console_table(Html& html, const std::vector<ConsoleView>& consoles, WallTime now) {
  html.element("table", {{"class", "consoles"}}, [&] {
    html.element("thead", {}, [&] {
      html.element("tr", {}, [&] {
        html.element("th", {{"scope", "col"}}, "Console");
        html.element("th", {{"scope", "col"}}, "State");
        html.element("th", {{"scope", "col"}}, "Last byte");
        html.element("th", {{"scope", "col"}, {"class", "number"}}, "Incidents");
        html.element("th", {{"scope", "col"}, {"class", "number wide"}}, "Boots");
        html.element("th", {{"scope", "col"}, {"class", "number wide"}}, "Received");
        html.element("th", {{"scope", "col"}, {"class", "wide"}}, "Platform");
      });
    });
    html.element("tbody", {}, [&] {
      for (std::size_t i = 0; i < consoles.size() && i < kMaxRows; ++i)
        console_row(html, consoles[i], now);
    });
  });
}

void filter_form(Html& html, std::string_view filter) {
  html.element("form", {{"class", "filter"}, {"action", "/"}, {"role", "search"}}, [&] {
    html.element("label", {{"for", "filter"}}, "Filter");
    html.empty("input", {{"id", "filter"},
                         {"name", "filter"},
                         {"type", "search"},
                         {"value", std::string(filter)},
                         {"autocomplete", "off"},
                         {"placeholder", "name, state, platform, label=value"}});
    html.element("button", {}, "Filter");
  });
}

void console_section(Html& html, const std::vector<ConsoleView>& all, const std::string& filter,
                     WallTime now) {
  const auto consoles = shown_consoles(all, lower(filter));
  html.element("section", {}, [&] {
    html.element("div", {{"class", "heading"}}, [&] {
      html.element("h2", {},
                   filter.empty() ? std::string("Consoles")
                                  : "Consoles (" + std::to_string(consoles.size()) + " of " +
                                        std::to_string(all.size()) + ")");
      filter_form(html, filter);
    });
    html.element("div", {{"id", "consoles"}}, [&] {
      if (consoles.empty())
        html.element("p", {{"class", "quiet"}},
                     all.empty() ? "No console is configured." : "No console matches the filter.");
      else
        console_table(html, consoles, now);
      if (consoles.size() > kMaxRows)
        notice(html,
               "Only the first " + std::to_string(kMaxRows) + " are shown; filter to see others.");
    });
  });
}

}  // namespace

Response page_home(const Call& call) {
  const auto consoles = call.backend.consoles();
  const auto incidents = load_incidents(call);
  const std::string filter(call.request.text("filter"));
  const auto open = incidents.open.size();
  const Frame frame{.title = open == 0 ? "Consoles" : "(" + std::to_string(open) + ") Consoles",
                    .section = Section::consoles,
                    .live = true,
                    .now = call.now.wall};
  return framed(frame, [&](Html& html) {
    html.element("h1", {{"class", "unseen"}}, "Consoles");
    if (!incidents.problem.empty()) notice(html, incidents.problem);
    totals(html, consoles, incidents);
    if (open > 0)
      html.element("section", {}, [&] {
        html.element("h2", {}, "Open incidents");
        incident_list(html, incidents.open, call.now.wall);
      });
    console_section(html, consoles, filter, call.now.wall);
    if (!incidents.over.empty())
      html.element("section", {}, [&] {
        html.element("h2", {}, "Resolved in the last 24 hours");
        incident_list(html, incidents.over, call.now.wall);
      });
  });
}

}  // namespace lastgasp
