#include "exporters/web/deadlines.h"

#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch.hpp>

namespace lastgasp {
namespace {

using namespace std::chrono_literals;

struct SocketPair {
  SocketPair() { REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) == 0); }
  ~SocketPair() {
    ::close(ends[0]);
    ::close(ends[1]);
  }
  bool ended() const {
    char byte;
    return ::recv(ends[1], &byte, 1, 0) == 0;
  }
  int ends[2];
};

}  // namespace

TEST_CASE("who is past its deadline is dropped, and nobody else") {
  Deadlines deadlines;
  const SocketPair late, early, answered;
  deadlines.set(late.ends[0], MonoTime{10s});
  deadlines.set(early.ends[0], MonoTime{10s});
  deadlines.set(early.ends[0], MonoTime{30s});
  deadlines.set(answered.ends[0], MonoTime{10s});
  deadlines.clear(answered.ends[0]);
  CHECK(deadlines.drop_late(MonoTime{9s}) == 0);
  CHECK_FALSE(late.ended());
  CHECK(deadlines.drop_late(MonoTime{11s}) == 1);
  CHECK(late.ended());
  CHECK_FALSE(early.ended());
  CHECK_FALSE(answered.ended());
  CHECK(deadlines.drop_late(MonoTime{11s}) == 0);
}

TEST_CASE("a large answer may take longer") {
  CHECK(answer_time(0) == 60s);
  CHECK(answer_time(16 << 20) == 60s + 1024s);
}

}  // namespace lastgasp
