// What machines ask for: metrics, health, reload, and how to ask the rest.
#include "exporters/web/api.h"
#include "exporters/web/guard.h"
#include "exporters/web/openapi.h"

namespace lastgasp {

Response api_openapi(const Call& call) {
  call.request.only({});
  return {.type = kJson, .body = std::string(openapi_files().front().text)};
}

Response metrics(const Call& call) {
  return {.type = "text/plain; version=0.0.4; charset=utf-8", .body = call.backend.metrics()};
}

Response healthy(const Call&) { return {.body = "lastgasp is healthy.\n"}; }

Response ready(const Call& call) {
  if (call.backend.ready()) return {.body = "lastgasp is ready.\n"};
  return {.code = 503,
          .body =
              "not ready: not every console has been tried once, or the transcripts cannot be "
              "written\n"};
}

Response reload(const Call& call) {
  if (cross_site(call.request))
    throw HttpError(403, "a page of another site may not reload the configuration");
  const auto result = call.backend.reload();
  return {.code = result.ok ? 200 : 500, .body = result.message + "\n"};
}

}  // namespace lastgasp
