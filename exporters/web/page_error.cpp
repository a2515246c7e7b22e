#include "exporters/web/page.h"
#include "exporters/web/page_frame.h"
#include "exporters/web/page_parts.h"

namespace lastgasp {

Response page_error(int code, const std::string& message, Instant now) {
  const Frame frame{.title = "Error " + std::to_string(code), .now = now.wall};
  auto response = framed(frame, [&](Html& html) {
    html.element("h1", {}, code == 404 ? "Not here" : "That did not work");
    notice(html, message);
    html.element("p", {}, [&] { action(html, "/", "All consoles"); });
  });
  response.code = code;
  return response;
}

}  // namespace lastgasp
