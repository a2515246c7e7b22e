// The static files of the page, compiled in from dashboards/web.
#pragma once

#include <span>
#include <string_view>

namespace lastgasp {

struct WebFile {
  std::string_view name;  // "page.css"
  std::string_view text;
};

std::span<const WebFile> web_files();

}  // namespace lastgasp
