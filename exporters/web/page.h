// Handlers of the pages that people look at. Complete without JavaScript; the scripts of
// dashboards/web keep them fresh and make them quicker to use.
#pragma once

#include "exporters/web/router.h"

namespace lastgasp {

Response page_wall(const Call& call);
Response page_incidents(const Call& call);
Response page_incident(const Call& call);
Response page_console(const Call& call);
Response page_boots(const Call& call);
Response page_line(const Call& call);
Response page_search(const Call& call);
Response page_rules(const Call& call);
Response page_error(int code, const std::string& message, Instant now);

Response static_file(const Call& call);

}  // namespace lastgasp
