#include "exporters/web/page_parts.h"

#include "collector/core/bytes.h"

namespace lastgasp {
namespace {

constexpr Literal kStampForms[] = {"second", "clock", "ago"};

std::string written(WallTime time, Stamp form) {
  return form == Stamp::clock ? format_utc(time).substr(11, 12) : readable(time);
}

void time_element(Html& html, WallTime time, Stamp form, const std::string& id,
                  std::string_view text) {
  html.element("time",
               {{"id", id, !id.empty()},
                {"datetime", format_utc(time)},
                {"data-form", std::string(kStampForms[static_cast<std::size_t>(form)].view())},
                {"title", readable(time) + " UTC", form == Stamp::ago}},
               text);
}

}  // namespace

std::string console_path(std::string_view console) { return "/consoles/" + url_encoded(console); }

std::string incident_path(std::int64_t id) { return "/incidents/" + std::to_string(id); }

std::string transcript_path(std::string_view console, WallTime from, WallTime to) {
  return "/search?order=oldest&limit=1000&console=" + url_encoded(console) +
         "&since=" + url_encoded(format_utc(from)) + "&until=" + url_encoded(format_utc(to));
}

std::string line_path(const LineId& id) { return "/lines/" + url_encoded(to_text(id)); }

std::string export_path(std::string_view console, WallTime from, WallTime to, Literal form) {
  return "/api/v1/export?console=" + url_encoded(console) +
         "&since=" + url_encoded(format_utc(from)) + "&until=" + url_encoded(format_utc(to)) +
         "&form=" + std::string(form.view());
}

std::string readable(WallTime time) {
  std::string text = format_utc(time).substr(0, 19);
  text[10] = ' ';
  return text;
}

void stamp(Html& html, WallTime time, Stamp form, const std::string& element_id) {
  time_element(html, time, form, element_id, written(time, form));
}

void ago(Html& html, WallTime time, WallTime now) {
  if (time == WallTime{}) return html.element("span", {{"class", "quiet"}}, "never");
  time_element(html, time, Stamp::ago, {},
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

void action(Html& html, const std::string& href, std::string_view text) {
  html.element("a", {{"class", "button"}, {"href", href}}, text);
}

std::string_view reason_of(const ConsoleView& console) {
  return console.reason == "none" || console.reason == console.state ? std::string_view{}
                                                                     : console.reason;
}

std::string counted(std::uint64_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

}  // namespace lastgasp
