// Handlers of the pages that people look at. Complete without JavaScript; page.js only keeps them
// fresh.
#pragma once

#include "exporters/web/router.h"

namespace lastgasp {

Response page_home(const Call& call);
Response page_incident(const Call& call);
Response page_console(const Call& call);
Response page_line(const Call& call);
Response page_search(const Call& call);
Response page_error(int code, const std::string& message, Instant now);

Response static_file(const Call& call);

}  // namespace lastgasp
