#include "exporters/web/page_form.h"

#include "collector/core/bytes.h"

namespace lastgasp {

void field(Html& html, const Request& request, Literal name, Literal label, Literal hint) {
  html.element("p", {{"class", "field"}}, [&] {
    html.element("label", {{"for", std::string(name.view())}}, label.view());
    html.empty("input", {{"id", std::string(name.view())},
                         {"name", std::string(name.view())},
                         {"value", std::string(request.text(name.view()))},
                         {"placeholder", std::string(hint.view())},
                         {"autocomplete", "off"},
                         {"spellcheck", "false"}});
  });
}

void check(Html& html, const Request& request, Literal name, Literal label) {
  const auto value = request.text(name.view());
  html.element("label", {{"class", "check"}}, [&] {
    html.empty("input", {{"type", "checkbox"},
                         {"name", std::string(name.view())},
                         {"value", "1"},
                         {"checked", "", value == "1" || value == "on" || value == "true"}});
    html.text(" ");
    html.text(label.view());
  });
}

void option(Html& html, std::string_view value, std::string_view text, std::string_view chosen) {
  html.element("option", {{"value", std::string(value)}, {"selected", "", value == chosen}}, text);
}

}  // namespace lastgasp
