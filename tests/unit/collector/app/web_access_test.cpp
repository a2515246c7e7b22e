#include "collector/app/web_access.h"

#include <catch2/catch.hpp>

#include "collector/app/config.h"
#include "collector/core/error.h"

namespace lastgasp {
namespace {

const std::string kHash = "'$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'";

std::string access_error(const std::string& yaml) {
  try {
    parse_web_access(yaml, "web.yaml");
  } catch (const FileError& error) {
    return error.what();
  }
  return "no error";
}

Config listening(const std::string& listen, bool users, bool tls) {
  Config config = default_config();
  config.listen = listen;
  if (users) config.access.accounts.push_back({});
  if (tls) config.access.tls.emplace();
  return config;
}

}  // namespace

TEST_CASE("users are read, and look only") {
  const auto access = parse_web_access(
      "basic_auth_users:\n  ann: " + kHash + "\n  prometheus: " + kHash + "\n", "web.yaml");
  REQUIRE(access.accounts.size() == 2);
  CHECK(access.accounts[0].name == "ann");
  CHECK(access.accounts[1].role == Role::view);
  CHECK_FALSE(access.tls);
}

TEST_CASE("what is wrong in the file of access is named with its place") {
  CHECK(access_error("basic_auth_users:\n  ann: secret\n")
            .starts_with("web.yaml:2:8: the hash of user `ann` must be a bcrypt hash"));
  CHECK(access_error("basic_auth_users: {'a:b': " + kHash + "}\n")
            .starts_with("web.yaml:1:20: the name of a user must not have a colon"));
  CHECK(access_error("basic_auth_users:\n  a: " + kHash + "\n  a: " + kHash + "\n")
            .starts_with("web.yaml:3:3: the name of a user is there twice"));
  CHECK(access_error("tls_server_config: {cert_file: /nonexistent/a, key_file: b}\n")
            .starts_with("web.yaml:1:32: "));
  CHECK(access_error("tls_server_config: {cert_file: a}\n").starts_with("web.yaml:1:"));
  CHECK(access_error("users: {}\n").starts_with("web.yaml:1:1: "));
}

TEST_CASE("keys of exporters that would do nothing here are refused by name") {
  CHECK(access_error("http_server_config: {http2: true}\n").find("is not supported here") !=
        std::string::npos);
  for (const char* key : {"client_ca_file: ca.crt", "cipher_suites: [x]", "max_version: TLS12"})
    CHECK(access_error(std::string("tls_server_config:\n  ") + key + "\n")
              .starts_with("web.yaml:2:"));
}

TEST_CASE("an admin is a user") {
  CHECK_THROWS_WITH(parse_config("web: {admins: [ann]}\n", "lg.yaml"),
                    Catch::StartsWith("lg.yaml:1:16: ") && Catch::Contains("is no user"));
}

TEST_CASE("others are let in with TLS and users, or when somebody says so") {
  CHECK_NOTHROW(check_protection(listening("127.0.0.1:1", false, false)));
  CHECK_NOTHROW(check_protection(listening("[::1]:1", false, false)));
  CHECK_NOTHROW(check_protection(listening("localhost:1", false, false)));
  CHECK_NOTHROW(check_protection(listening("0.0.0.0:1", true, true)));
  CHECK_THROWS_WITH(
      check_protection(listening("0.0.0.0:1", false, false)),
      Catch::Contains("without TLS and users") && Catch::Contains("allow_unprotected: true"));
  CHECK_THROWS_WITH(check_protection(listening("[::]:1", true, false)),
                    Catch::Contains("without TLS:"));
  CHECK_THROWS_WITH(check_protection(listening("192.0.2.1:1", false, true)),
                    Catch::Contains("without users:"));
  auto said = listening("0.0.0.0:1", false, false);
  said.allow_unprotected = true;
  CHECK_NOTHROW(check_protection(said));
}

}  // namespace lastgasp
