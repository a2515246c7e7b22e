// The form of a search, with all the filters that the API and the command line have.
#pragma once

#include "exporters/web/html.h"
#include "exporters/web/request.h"

namespace lastgasp {

void search_form(Html& html, const Request& request);
// The same search with some parameters replaced; an empty value leaves one out. `cursor` is always
// left out unless it is replaced.
std::string search_path(const Request& request,
                        std::initializer_list<std::pair<std::string_view, std::string>> replaced);

}  // namespace lastgasp
