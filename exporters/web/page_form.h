// Fields of forms, filled with what the request asked for. Every form is a GET: its address can be
// passed on.
#pragma once

#include <string>
#include <string_view>

#include "exporters/web/html.h"
#include "exporters/web/request.h"

namespace lastgasp {

void field(Html& html, const Request& request, Literal name, Literal label, Literal hint);
void check(Html& html, const Request& request, Literal name, Literal label);
void option(Html& html, std::string_view value, std::string_view text, std::string_view chosen);
template <typename Options>
void choice(Html& html, Literal name, Literal label, Options options) {
  html.element("p", {{"class", "field"}}, [&] {
    html.element("label", {{"for", std::string(name.view())}}, label.view());
    html.element("select", {{"id", std::string(name.view())}, {"name", std::string(name.view())}},
                 options);
  });
}

}  // namespace lastgasp
