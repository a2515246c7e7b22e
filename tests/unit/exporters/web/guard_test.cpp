#include "exporters/web/guard.h"

#include <catch2/catch.hpp>

namespace lastgasp {

TEST_CASE("the host of a Host header") {
  CHECK(host_of("Example.NET:11520") == "example.net");
  CHECK(host_of("example.net.") == "example.net");
  CHECK(host_of("[2001:DB8::1]:80") == "2001:db8::1");
  CHECK(host_of("::1") == "::1");
  CHECK(host_of("[") == "");
  CHECK(host_of("") == "");
}

TEST_CASE("only names that no stranger can point at this machine are answered") {
  const std::vector<std::string> names{"pop1.oob.example.net"};
  for (const char* own :
       {"127.0.0.1:11520", "192.0.2.7", "[::1]:11520", "[fe80::1%eth0]:80", "localhost:11520",
        "pop1", "pop1:11520", "pop1.oob.example.net:11520", "POP1.oob.example.net.", ""})
    CHECK(own_host(own, names));
  for (const char* foreign :
       {"evil.example", "evil.example:11520", "127.0.0.1.evil.example", "pop1.evil.example",
        "localhost.evil.example", "oob.example.net", "1.2.3", "evil.example:1:2"})
    CHECK_FALSE(own_host(foreign, names));
}

TEST_CASE("requests that a browser makes for another site are recognised") {
  Request r;
  r.host = "127.0.0.1:11520";
  CHECK_FALSE(cross_site(r));  // curl
  r.origin = "http://127.0.0.1:11520";
  CHECK_FALSE(cross_site(r));
  r.origin = "https://evil.example";
  CHECK(cross_site(r));
  r.origin = "null";
  CHECK(cross_site(r));
  r.origin = "http://127.0.0.1:8080";
  CHECK(cross_site(r));
  r.origin.clear();
  for (const char* site : {"same-origin", "none"}) {
    r.fetch_site = site;
    CHECK_FALSE(cross_site(r));
  }
  for (const char* site : {"cross-site", "same-site", "anything"}) {
    r.fetch_site = site;
    CHECK(cross_site(r));
  }
}

}  // namespace lastgasp
