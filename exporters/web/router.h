// Which handler answers which address: one table, in routes.cpp.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "exporters/web/backend.h"
#include "exporters/web/request.h"
#include "exporters/web/response.h"
#include "exporters/web/role.h"

namespace lastgasp {

// Where a handler runs. Only `at_once` runs on the threads that serve connections, so that a scrape
// never waits for the disk.
enum class Lane : std::uint8_t {
  at_once,  // never waits for anything
  storage,  // opens the database, or reloads
  search,   // may take seconds; few at once
};

// How an error is told to the one who asked.
enum class ErrorForm : std::uint8_t { text, json, page };

class Downloads;
class Streams;

struct Call {
  const Request& request;
  std::span<const std::string> arguments;  // what stood for each {} of the pattern, decoded
  WebBackend& backend;
  Streams& streams;
  Downloads& downloads;
  Instant now;
};

struct Route {
  std::string_view method;   // "GET" answers HEAD too
  std::string_view pattern;  // "/consoles/{}": {} stands for one segment
  std::string_view name;     // in http_requests_total{handler}
  Lane lane;
  ErrorForm errors;
  bool any_host;  // answers whatever the Host header says (guard.h)
  Response (*handle)(const Call& call);
  Role role = Role::view;
};

std::span<const Route> routes();

struct Routed {
  const Route* route = nullptr;
  std::vector<std::string> arguments;
};

// Throws HttpError 404, or 405 with the methods there are.
Routed find_route(const Request& request);

class MethodNotAllowed : public HttpError {
 public:
  MethodNotAllowed(const std::string& method, std::string allow)
      : HttpError(405, method + " is not possible here; use " + allow), allow_(std::move(allow)) {}
  const std::string& allow() const { return allow_; }

 private:
  std::string allow_;
};

}  // namespace lastgasp
