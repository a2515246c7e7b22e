// Handlers of the JSON API and of what machines ask for. README.md describes their answers.
#pragma once

#include "exporters/web/router.h"

namespace lastgasp {

inline constexpr std::size_t kMaxAnswerBytes = std::size_t{16} << 20;

Response api_consoles(const Call& call);
Response api_console(const Call& call);
Response api_events(const Call& call);
Response api_tail_stream(const Call& call);
Response api_incidents(const Call& call);
Response api_incident(const Call& call);
Response api_acknowledge(const Call& call);
Response api_note(const Call& call);
Response api_search(const Call& call);
Response api_tail(const Call& call);
Response api_line(const Call& call);
Response api_boots(const Call& call);
Response api_diff(const Call& call);
Response api_similar(const Call& call);
Response api_rules(const Call& call);
Response api_explain(const Call& call);
Response api_export(const Call& call);
Response api_openapi(const Call& call);

Response metrics(const Call& call);
Response healthy(const Call& call);
Response ready(const Call& call);
Response reload(const Call& call);

}  // namespace lastgasp
