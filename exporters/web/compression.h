// Answers made small for thin links: HTML and JSON shrink to a tenth. Pure.
#pragma once

#include <string_view>

#include "exporters/web/response.h"

namespace lastgasp {

// Whether an Accept-Encoding header takes gzip.
bool takes_gzip(std::string_view accepted);
// Compresses the body, and says so in the headers, when it is text of a size that is worth it.
void compress(Response& response);

}  // namespace lastgasp
