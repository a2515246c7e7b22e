#include "exporters/web/dump_view.h"

#include <set>

#include "exporters/web/page_parts.h"
#include "rules/incident/frames.h"
#include "rules/incident/kernel_names.h"

namespace lastgasp {
namespace {

// Which lines of the dump a rule recognised. A finding knows its line's number in the stream, which
// is only its place in the dump while no line is missing.
std::set<std::size_t> effect_lines(const Incident& incident) {
  std::set<std::size_t> lines;
  if (incident.last_line - incident.first_line + 1 != incident.dump.size()) return lines;
  for (const auto& finding : incident.findings)
    if (finding.line > incident.first_line) lines.insert(finding.line - incident.first_line);
  return lines;
}

// A frame that is in every dump of its kind, or only left over on the stack.
bool helper_frame(std::string_view line) {
  const auto frame = frame_in(message_of(line).text);
  return frame && (!frame->certain || is_plumbing(frame->function));
}

void dump_line(Html& html, std::string_view classes, std::string_view text) {
  html.element("div", {{"class", std::string(classes)}}, text);
}

void context(Html& html, const Incident& incident) {
  if (incident.context.empty()) return;
  html.element("details", {{"class", "before"}}, [&] {
    html.element("summary", {}, counted(incident.context.size(), "line") + " before");
    html.element(
        "div",
        {{"class", "log"}, {"tabindex", "0"}, {"role", "region"}, {"aria-label", "Lines before"}},
        [&] {
          for (const auto& line : incident.context) dump_line(html, "line context", line);
        });
  });
}

}  // namespace

void dump_view(Html& html, const Incident& incident) {
  if (incident.dump.empty() && incident.context.empty()) return;
  const auto effects = effect_lines(incident);
  html.element("section", {{"class", "dump"}}, [&] {
    html.element("h2", {}, "What the console said");
    if (incident.unrecognised) notice(html, "No rule knows this crash; it has the shape of one.");
    if (incident.truncated) notice(html, "The dump broke off before its end.");
    if (incident.interleaved) notice(html, "Lines of two dumps are mixed.");
    context(html, incident);
    html.element("div",
                 {{"class", "log"}, {"tabindex", "0"}, {"role", "region"}, {"aria-label", "Dump"}},
                 [&] {
                   for (std::size_t i = 0; i < incident.dump.size(); ++i)
                     dump_line(html,
                               i == 0                           ? "line cause"
                               : effects.contains(i)            ? "line effect"
                               : helper_frame(incident.dump[i]) ? "line helper"
                                                                : "line",
                               incident.dump[i]);
                 });
  });
}

}  // namespace lastgasp
