#include "exporters/web/router.h"

#include <catch2/catch.hpp>
#include <set>

namespace lastgasp {
namespace {

Routed routed(const std::string& method, const std::string& target) {
  Request request;
  request.method = method;
  request.parse_target(target);
  return find_route(request);
}

}  // namespace

TEST_CASE("addresses lead to their handlers") {
  CHECK(routed("GET", "/").route->name == "page_wall");
  CHECK(routed("GET", "/metrics").route->name == "metrics");
  CHECK(routed("GET", "/api/v1/search?q=x").route->name == "api_search");
  CHECK(routed("HEAD", "/search").route->name == "page_search");
  CHECK(routed("POST", "/-/reload").route->name == "reload");
}

TEST_CASE("a segment of a path is an argument, decoded") {
  const auto found = routed("GET", "/consoles/ts1%2F2001");
  CHECK(found.route->name == "page_console");
  CHECK(found.arguments == std::vector<std::string>{"ts1/2001"});
}

TEST_CASE("what is not in the table is not found") {
  for (const char* target : {"/nope", "/consoles", "/consoles/", "/consoles/a/b", "//",
                             "/metrics/x", "/api", "/static/../page.css"})
    CHECK_THROWS_WITH(routed("GET", target), "there is nothing at this address");
}

TEST_CASE("the wrong method is told which ones there are") {
  try {
    routed("GET", "/-/reload");
    FAIL("found");
  } catch (const MethodNotAllowed& e) {
    CHECK(e.code() == 405);
    CHECK(e.allow() == "POST");
  }
  CHECK_THROWS_WITH(routed("DELETE", "/"), "DELETE is not possible here; use GET, HEAD");
}

TEST_CASE("handler names are unique, since they are label values") {
  std::set<std::string_view> names;
  for (const auto& route : routes()) CHECK(names.insert(route.name).second);
}

TEST_CASE("who may only look changes nothing") {
  for (const auto& route : routes()) CHECK((route.method == "GET") == (route.role == Role::view));
}

TEST_CASE("a scrape never waits for the disk, and pages never answer to a foreign name") {
  for (const auto& route : routes()) {
    if (route.name == "metrics" || route.name == "healthy" || route.name == "ready")
      CHECK(route.lane == Lane::at_once);
    else
      CHECK((!route.any_host || route.name == "static"));
  }
}

}  // namespace lastgasp
