#include "exporters/web/notes_view.h"

#include <string>

#include "exporters/web/page_parts.h"

namespace lastgasp {
namespace {

void note_form(Html& html, IncidentId id, bool acknowledged) {
  const std::string address = "/api/v1/incidents/" + std::to_string(id);
  html.element(
      "form",
      {{"id", "note"}, {"method", "post"}, {"action", address + "/notes"}, {"class", "notes"}},
      [&] {
        html.element("p", {{"class", "field"}}, [&] {
          html.element("label", {{"for", "by"}}, "Your name");
          html.empty("input",
                     {{"id", "by"}, {"name", "by"}, {"required", ""}, {"maxlength", "100"}});
        });
        html.element("p", {{"class", "field"}}, [&] {
          html.element("label", {{"for", "text"}}, "Note");
          html.element("textarea",
                       {{"id", "text"}, {"name", "text"}, {"rows", "3"}, {"maxlength", "4096"}},
                       "");
        });
        html.element("p", {{"class", "actions"}}, [&] {
          if (!acknowledged)
            html.element("button", {{"type", "submit"}, {"formaction", address + "/acknowledge"}},
                         "Acknowledge");
          html.element("button", {{"type", "submit"}}, "Add note");
        });
      });
}

}  // namespace

void notes_view(Html& html, IncidentId id, const std::vector<IncidentNote>& notes) {
  html.element("section", {{"id", "notes"}}, [&] {
    html.element("h2", {}, "Who looks after it");
    html.element("ol", {{"class", "findings"}}, [&] {
      if (notes.empty()) html.element("li", {{"class", "quiet"}}, "Nobody has said so yet.");
      for (const IncidentNote& note : notes)
        html.element("li", {}, [&] {
          stamp(html, note.at, Stamp::second);
          html.element("span", {{"class", "what"}},
                       note.by + (note.acknowledges ? " acknowledged" : "") +
                           (note.text.empty() ? "" : ": " + note.text));
        });
    });
    note_form(html, id, acknowledgement(notes) != nullptr);
  });
}

}  // namespace lastgasp
