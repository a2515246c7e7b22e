#include "exporters/web/listener.h"

#include <netdb.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "collector/core/error.h"

namespace lastgasp {

TEST_CASE("listening on port 0 tells the port chosen") {
  const auto listener = open_listener("127.0.0.1:0");
  CHECK(listener.address.starts_with("127.0.0.1:"));
  CHECK(listener.address != "127.0.0.1:0");
  CHECK(listener.host == "127.0.0.1");
  SECTION("and the same port again is refused with a hint") {
    CHECK_THROWS_WITH(open_listener(listener.address),
                      Catch::Contains("Address already in use") && Catch::Contains("lastgasp"));
  }
  ::close(listener.socket);
}

TEST_CASE("IPv6 addresses stand in brackets") {
  const auto listener = open_listener("[::1]:0");
  CHECK(listener.address.starts_with("[::1]:"));
  CHECK(listener.host == "::1");
  ::close(listener.socket);
}

TEST_CASE("addresses that are none say how to write one") {
  for (const char* bad :
       {"", "11520", ":11520", "127.0.0.1", "127.0.0.1:", "::1:11520", "[]:1", "[::1]11520"})
    CHECK_THROWS_WITH(open_listener(bad), Catch::Contains("write 127.0.0.1:11520"));
  CHECK_THROWS_WITH(open_listener("127.0.0.1:nosuchservice"), Catch::Contains("127.0.0.1:nosuch"));
  CHECK_THROWS_WITH(open_listener("203.0.113.9:0"), Catch::Contains("does not have that address"));
}

TEST_CASE("this machine is known by any of its own addresses") {
  const auto local = [](const char* address) {
    addrinfo hints{};
    hints.ai_flags = AI_NUMERICHOST;
    addrinfo* found = nullptr;
    REQUIRE(::getaddrinfo(address, "80", &hints, &found) == 0);
    const bool is = is_loopback(*found->ai_addr);
    ::freeaddrinfo(found);
    return is;
  };
  for (const char* own : {"127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"}) CHECK(local(own));
  for (const char* other : {"10.0.0.1", "128.0.0.1", "::", "fe80::1", "::ffff:10.0.0.1"})
    CHECK_FALSE(local(other));
}

}  // namespace lastgasp
