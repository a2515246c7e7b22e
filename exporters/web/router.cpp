#include "exporters/web/router.h"

#include <optional>

#include "collector/core/bytes.h"

namespace lastgasp {
namespace {

// The arguments when `path` has the shape of `pattern`.
std::optional<std::vector<std::string>> arguments_of(std::string_view pattern,
                                                     const std::vector<std::string>& path) {
  std::vector<std::string> arguments;
  std::size_t i = 0;
  for (pattern.remove_prefix(1); !pattern.empty(); ++i) {
    const auto end = pattern.find('/');
    const auto part = pattern.substr(0, end);
    pattern.remove_prefix(end == std::string_view::npos ? pattern.size() : end + 1);
    if (i == path.size()) return std::nullopt;
    if (part == "{}" && !path[i].empty()) {
      arguments.push_back(path[i]);
    } else if (part != path[i]) {
      return std::nullopt;
    }
  }
  if (i != path.size()) return std::nullopt;
  return arguments;
}

}  // namespace

Routed find_route(const Request& request) {
  std::string allow;
  for (const auto& route : routes()) {
    auto arguments = arguments_of(route.pattern, request.path);
    if (!arguments) continue;
    if (route.method == request.method || (route.method == "GET" && request.method == "HEAD"))
      return {&route, std::move(*arguments)};
    allow.append(allow.empty() ? "" : ", ").append(route.method);
    if (route.method == "GET") allow += ", HEAD";
  }
  if (!allow.empty()) throw MethodNotAllowed(to_utf8(request.method), std::move(allow));
  throw HttpError(404, "there is nothing at this address");
}

}  // namespace lastgasp
