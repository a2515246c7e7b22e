// The console server loses its power: no FIN, no RST, the network just falls silent. Here that is
// the loopback of a network name space of our own, taken down. Takes most of a minute.
#define CATCH_CONFIG_EXTERNAL_INTERFACES
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "tests/unit/collector/console/link_world.h"

using namespace lastgasp;
using namespace lastgasp::test;
using namespace std::chrono_literals;

namespace {

void set_loopback(bool up) {
  const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  ifreq request{};
  std::strcpy(request.ifr_name, "lo");
  request.ifr_flags = static_cast<short>(up ? IFF_UP | IFF_RUNNING : 0);
  REQUIRE(::ioctl(fd, SIOCSIFFLAGS, &request) == 0);
  ::close(fd);
}

int prepare() {
  if (::geteuid() != 0) {
    std::puts("needs root");
    return 77;
  }
  if (::unshare(CLONE_NEWNET) != 0) {
    std::perror("a network name space of our own");
    return 1;
  }
  return 0;
}

}  // namespace

struct Preparation : Catch::TestEventListenerBase {
  using TestEventListenerBase::TestEventListenerBase;
  void testRunStarting(const Catch::TestRunInfo&) override {
    if (const int unfit = prepare()) std::exit(unfit);
  }
};
CATCH_REGISTER_LISTENER(Preparation)

TEST_CASE("half_open_connection_is_noticed_within_a_minute") {
  set_loopback(true);
  World world;
  Server server(world.io);
  world.start("tcp://127.0.0.1:" + server.port());
  REQUIRE(world.run_until_up());
  tcp::socket peer = server.accept();
  say(peer, "last words");
  REQUIRE(world.run_until_text("last words"));

  set_loopback(false);
  const auto began = std::chrono::steady_clock::now();
  while (world.seen.up() && std::chrono::steady_clock::now() - began < 65s) {
    world.io.restart();
    world.io.run_one_for(100ms);
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  INFO("noticed after " << took.count() << " s");
  CHECK(took.count() < 60);
  CHECK(world.seen.last_down().reason == LinkReason::reset);
}
