// The description of the API, compiled in from openapi.json.
#pragma once

#include <span>
#include <string_view>

namespace lastgasp {

struct OpenApiFile {
  std::string_view name, text;
};
std::span<const OpenApiFile> openapi_files();  // one

}  // namespace lastgasp
