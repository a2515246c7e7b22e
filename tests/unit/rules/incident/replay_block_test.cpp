#include "rules/incident/replay_block.h"

#include <catch2/catch.hpp>

#include "tests/unit/rules/incident/scenario.h"

using namespace lastgasp;
using namespace lastgasp::scenario;
using namespace std::chrono_literals;

TEST_CASE("a block of old messages goes on whatever stands in it") {
  const Rule buffered = rule("ios.buffered", Kind::replay, "Buffered messages", "",
                             DumpShape{.until = "^End", .lines = 100, .idle = 5s});
  const MonoTime now{1h};
  ReplayBlock block(buffered, now);
  for (int n = 0; n < 60; ++n) {
    REQUIRE(block.holds("an ordinary message, number " + std::to_string(n), now));
  }
  CHECK(block.holds("End of it", now));
  CHECK_FALSE(block.holds("something new", now));

  ReplayBlock silent(buffered, now);
  CHECK(silent.holds("a", now + 4s));
  CHECK_FALSE(silent.holds("b", now + 9s));

  ReplayBlock long_one(buffered, now);
  int held = 0;
  while (long_one.holds("x", now)) {
    ++held;
  }
  CHECK(held == 100);
}

TEST_CASE("a crash deep within the messages of before is no new one") {
  Console c;
  c.says("Buffered messages: (last 8192 bytes)");
  for (int n = 0; n < 60; ++n) {
    c.says("an ordinary message");
  }
  c.says("Unexpected exception to CPUvector 400, PC = 41414140");
  CHECK(c.incidents.empty());
}

TEST_CASE("a console that shows the same message for ever is stuck") {
  Console c;
  for (int n = 0; n < 10; ++n) {
    c.says("rommon 1 > ");
    c.wait(15s);
  }
  CHECK(c.count(Kind::stuck) == 1);
}
