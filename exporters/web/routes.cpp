// The addresses of this server. README.md lists them for people.
#include <algorithm>
#include <cstdio>
#include <iterator>

#include "dashboards/web_files.h"
#include "exporters/web/api.h"
#include "exporters/web/page.h"
#include "exporters/web/router.h"

namespace lastgasp {
namespace {

constexpr Route kRoutes[] = {
    {"GET", "/metrics", "metrics", Lane::at_once, ErrorForm::text, true, metrics},
    {"GET", "/-/healthy", "healthy", Lane::at_once, ErrorForm::text, true, healthy},
    {"GET", "/-/ready", "ready", Lane::at_once, ErrorForm::text, true, ready},
    {"POST", "/-/reload", "reload", Lane::storage, ErrorForm::text, false, reload, Role::admin},

    {"GET", "/api/v1/consoles", "api_consoles", Lane::at_once, ErrorForm::json, false,
     api_consoles},
    {"GET", "/api/v1/consoles/{}", "api_console", Lane::at_once, ErrorForm::json, false,
     api_console},
    {"GET", "/api/v1/events", "api_events", Lane::at_once, ErrorForm::json, false, api_events},
    {"GET", "/api/v1/incidents", "api_incidents", Lane::storage, ErrorForm::json, false,
     api_incidents},
    {"GET", "/api/v1/incidents/{}", "api_incident", Lane::storage, ErrorForm::json, false,
     api_incident},
    {"POST", "/api/v1/incidents/{}/acknowledge", "api_acknowledge", Lane::storage, ErrorForm::json,
     false, api_acknowledge, Role::admin},
    {"POST", "/api/v1/incidents/{}/notes", "api_note", Lane::storage, ErrorForm::json, false,
     api_note, Role::admin},
    {"GET", "/api/v1/search", "api_search", Lane::search, ErrorForm::json, false, api_search},
    {"GET", "/api/v1/lines/{}", "api_line", Lane::storage, ErrorForm::json, false, api_line},
    {"GET", "/api/v1/boots", "api_boots", Lane::storage, ErrorForm::json, false, api_boots},
    {"GET", "/api/v1/diff", "api_diff", Lane::search, ErrorForm::json, false, api_diff},
    {"GET", "/api/v1/similar", "api_similar", Lane::storage, ErrorForm::json, false, api_similar},
    {"GET", "/api/v1/tail", "api_tail", Lane::storage, ErrorForm::json, false, api_tail},
    {"GET", "/api/v1/tail/stream", "api_tail_stream", Lane::storage, ErrorForm::json, false,
     api_tail_stream},
    {"GET", "/api/v1/rules", "api_rules", Lane::storage, ErrorForm::json, false, api_rules},
    {"GET", "/api/v1/explain", "api_explain", Lane::search, ErrorForm::json, false, api_explain},
    {"GET", "/api/v1/openapi.json", "api_openapi", Lane::at_once, ErrorForm::json, false,
     api_openapi},
    {"GET", "/api/v1/export", "api_export", Lane::search, ErrorForm::json, false, api_export},

    {"GET", "/", "page_wall", Lane::storage, ErrorForm::page, false, page_wall},
    {"GET", "/incidents", "page_incidents", Lane::storage, ErrorForm::page, false, page_incidents},
    {"GET", "/incidents/{}", "page_incident", Lane::storage, ErrorForm::page, false, page_incident},
    {"GET", "/consoles/{}", "page_console", Lane::storage, ErrorForm::page, false, page_console},
    {"GET", "/consoles/{}/boots", "page_boots", Lane::search, ErrorForm::page, false, page_boots},
    {"GET", "/lines/{}", "page_line", Lane::storage, ErrorForm::page, false, page_line},
    {"GET", "/search", "page_search", Lane::search, ErrorForm::page, false, page_search},
    {"GET", "/rules", "page_rules", Lane::search, ErrorForm::page, false, page_rules},
    {"GET", "/static/{}", "static", Lane::at_once, ErrorForm::text, true, static_file},
};

// Who may only look changes nothing: what is not a GET says Role::admin.
static_assert(std::all_of(std::begin(kRoutes), std::end(kRoutes), [](const Route& route) {
  return route.method == "GET" || route.role == Role::admin;
}));

const char* type_of(std::string_view name) {
  if (name.ends_with(".css")) return "text/css; charset=utf-8";
  if (name.ends_with(".js")) return "text/javascript; charset=utf-8";
  if (name.ends_with(".svg")) return "image/svg+xml";
  return "application/octet-stream";
}

// FNV-1a: tells the versions of our own files apart, nothing more.
std::string etag_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  char tag[24];
  std::snprintf(tag, sizeof tag, "\"%016llx\"", static_cast<unsigned long long>(hash));
  return tag;
}

}  // namespace

std::span<const Route> routes() { return kRoutes; }

Response static_file(const Call& call) {
  const auto files = web_files();
  const auto file = std::find_if(files.begin(), files.end(),
                                 [&](const WebFile& f) { return f.name == call.arguments[0]; });
  if (file == files.end()) throw HttpError(404, "there is no such file");
  const auto etag = etag_of(file->text);
  const bool known = call.request.if_none_match == etag;
  return {.code = known ? 304 : 200,
          .type = type_of(file->name),
          .body = known ? std::string() : std::string(file->text),
          .headers = {{"ETag", etag}, {"Cache-Control", "no-cache"}}};
}

}  // namespace lastgasp
