// The description of the API has every address for machines, and no other.
#include "exporters/web/openapi.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "exporters/web/router.h"

namespace lastgasp {
namespace {

using Addresses = std::set<std::string>;

// "GET /api/v1/lines/{}"
Addresses described() {
  Addresses addresses;
  const auto document = nlohmann::json::parse(openapi_files().front().text);
  for (const auto& [path, methods] : document["paths"].items())
    for (const auto& [method, operation] : methods.items()) {
      std::string upper;
      for (const char c : method) upper += static_cast<char>(std::toupper(c));
      addresses.insert(upper + ' ' + std::regex_replace(path, std::regex("\\{[^}]*\\}"), "{}") +
                       ' ' + operation["operationId"].get<std::string>());
    }
  return addresses;
}

Addresses served() {
  Addresses addresses;
  for (const Route& route : routes())
    if (route.errors != ErrorForm::page && route.name != "static")
      addresses.insert(std::string(route.method) + ' ' + std::string(route.pattern) + ' ' +
                       std::string(route.name));
  return addresses;
}

}  // namespace

TEST_CASE("every address says how it turns people away") {
  const auto document = nlohmann::json::parse(openapi_files().front().text);
  CHECK(document["components"]["securitySchemes"]["user"]["scheme"] == "basic");
  CHECK(document["security"] == nlohmann::json::parse(R"([{}, {"user": []}])"));
  for (const Route& route : routes()) {
    for (const auto& [path, methods] : document["paths"].items())
      for (const auto& [method, operation] : methods.items()) {
        if (operation["operationId"] != route.name) continue;
        INFO(path);
        const auto& responses = operation["responses"];
        for (const char* code : {"401", "429", "503"}) CHECK(responses.contains(code));
        CHECK(responses.contains("403") == (!route.any_host || route.role == Role::admin));
        CHECK(responses.contains("413") == (method == "post"));
      }
  }
}

TEST_CASE("what is described is served, and the other way round") {
  CHECK(served().size() > 10);
  CHECK(described() == served());
}

}  // namespace lastgasp
