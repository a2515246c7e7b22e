#include "exporters/web/page_parts.h"

#include "collector/core/bytes.h"

namespace lastgasp {
namespace {

void head(Html& html, const Frame& frame) {
  html.element("head", {}, [&] {
    html.empty("meta", {{"charset", "utf-8"}});
    html.empty("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}});
    html.empty("meta", {{"name", "color-scheme"}, {"content", "light dark"}});
    html.element("title", {}, frame.title + " - lastgasp");
    html.empty("link", {{"rel", "icon"}, {"href", "/static/favicon.svg"}});
    html.empty("link", {{"rel", "stylesheet"}, {"href", "/static/page.css"}});
    if (!frame.live) return;
    html.element("script", {{"src", "/static/page.js"}, {"defer", ""}}, "");
    html.element("noscript", {}, [&] {
      html.empty("meta", {{"http-equiv", "refresh"}, {"content", "30"}});
    });
  });
}

void link_to(Html& html, Literal href, std::string_view text, bool current) {
  html.element("a", {{"href", std::string(href.view())}, {"aria-current", "page", current}}, text);
}

void banner(Html& html, const Frame& frame) {
  html.element("header", {{"class", "top"}}, [&] {
    html.element("a", {{"class", "brand"}, {"href", "/"}}, [&] {
      html.empty("img",
                 {{"src", "/static/favicon.svg"}, {"alt", ""}, {"width", "22"}, {"height", "22"}});
      html.element("span", {}, "lastgasp");
    });
    html.element("nav", {}, [&] {
      link_to(html, "/", "Consoles", frame.section == Section::consoles);
      link_to(html, "/search", "Search", frame.section == Section::search);
    });
    html.element("time", {{"id", "now"}, {"datetime", format_utc(frame.now)}},
                 readable(frame.now) + " UTC");
  });
}

}  // namespace

Response framed(const Frame& frame, const std::function<void(Html&)>& content) {
  Html html;
  html.doctype();
  html.element("html", {{"lang", "en"}}, [&] {
    head(html, frame);
    html.element("body", {}, [&] {
      html.element("a", {{"class", "skip"}, {"href", "#main"}}, "Skip to content");
      banner(html, frame);
      html.element("p", {{"id", "stale"}, {"class", "notice"}, {"role", "status"}, {"hidden", ""}},
                   "");
      html.element("main", {{"id", "main"}}, [&] { content(html); });
    });
  });
  return {.type = kHtml, .body = html.take()};
}

std::string console_path(std::string_view console) { return "/consoles/" + url_encoded(console); }

std::string incident_path(std::int64_t id) { return "/incidents/" + std::to_string(id); }

std::string transcript_path(std::string_view console, WallTime from, WallTime to) {
  return "/search?order=oldest&limit=1000&console=" + url_encoded(console) +
         "&since=" + url_encoded(format_utc(from)) + "&until=" + url_encoded(format_utc(to));
}

std::string line_path(const LineId& id) { return "/lines/" + url_encoded(to_text(id)); }

std::string readable(WallTime time) {
  std::string text = format_utc(time).substr(0, 19);
  text[10] = ' ';
  return text;
}

void ago(Html& html, WallTime time, WallTime now) {
  if (time == WallTime{}) return html.element("span", {{"class", "quiet"}}, "never");
  html.element("time", {{"datetime", format_utc(time)}, {"title", readable(time) + " UTC"}},
               now < time ? readable(time) : format_duration(now - time) + " ago");
}

void badge(Html& html, Literal group, std::string_view word) {
  html.element("span",
               {{"class", "badge " + std::string(group.view())}, {"data-is", std::string(word)}},
               word);
}

void notice(Html& html, std::string_view text) {
  html.element("p", {{"class", "notice"}, {"role", "status"}}, text);
}

std::string_view reason_of(const ConsoleView& console) {
  return console.reason == "none" || console.reason == console.state ? std::string_view{}
                                                                     : console.reason;
}

std::string counted(std::uint64_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

void incident_list(Html& html, const std::vector<Incident>& incidents, WallTime now,
                   bool name_console) {
  const auto facts = [&](const Incident& incident) {
    badge(html, "severity", name_of(incident.severity));
    if (name_console)
      html.element("a", {{"href", console_path(incident.console)}}, incident.console);
    html.element("span", {}, name_of(incident.kind));
    ago(html, incident.opened, now);
    if (incident.repeats > 0) html.element("span", {}, counted(incident.repeats, "repeat"));
    if (incident.boots > 0) html.element("span", {}, counted(incident.boots, "boot") + " since");
    if (incident.state == IncidentState::capturing)
      html.element("span", {{"class", "busy"}}, "still printing");
    if (incident.state == IncidentState::resolved)
      html.element("span", {{"class", "good"}},
                   incident.resolution.empty() ? "resolved" : incident.resolution);
  };
  html.element("ul", {{"class", "incidents"}}, [&] {
    for (const auto& incident : incidents) {
      const bool over = incident.state == IncidentState::resolved;
      html.element("li", {{"data-is", over ? "over" : std::string(name_of(incident.severity))}},
                   [&] {
                     html.element("a", {{"class", "title"}, {"href", incident_path(incident.id)}},
                                  incident.title.empty() ? "(no title)" : incident.title);
                     html.element("p", {{"class", "facts"}}, [&] { facts(incident); });
                   });
    }
  });
}

void line_text(Html& html, const FoundLine& line) {
  if (line.kind != RecordKind::data) return html.text(mark_text(line));
  const auto shown = utf8_line(line);
  const std::string_view text = shown.text;
  std::size_t done = 0;
  for (const auto& [offset, length] : shown.matches) {
    html.text(text.substr(done, offset - done));
    html.element("mark", {}, text.substr(offset, length));
    done = offset + length;
  }
  html.text(text.substr(done));
}

void transcript(Html& html, std::span<const FoundLine> lines, const LineId* chosen) {
  std::string day;
  for (const auto& line : lines) {
    const auto at = format_utc(line.at);
    if (at.substr(0, 10) != day) {
      day = at.substr(0, 10);
      html.element("div", {{"class", "day"}}, day + " (UTC)");
    }
    const bool mark = line.kind != RecordKind::data;
    const bool is_chosen = chosen && line.id() == *chosen;
    const std::string style = mark ? "line mark" : "line";
    html.element("div", {{"class", is_chosen ? style + " chosen" : style}}, [&] {
      html.element("a", {{"class", "when"}, {"href", line_path(line.id())}}, [&] {
        html.element("time", {{"datetime", at}}, at.substr(11, 12));
      });
      html.text(" ");
      line_text(html, line);
    });
  }
}

}  // namespace lastgasp
