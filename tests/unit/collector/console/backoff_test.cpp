#include "collector/console/backoff.h"

#include <catch2/catch.hpp>

using namespace lastgasp;
using namespace std::chrono_literals;

TEST_CASE("backoff_doubles_up_to_its_cap") {
  Backoff backoff(500ms, 30s, [] { return 1.0; });
  CHECK(backoff.next() == 500ms);
  CHECK(backoff.next() == 1s);
  CHECK(backoff.next() == 2s);
  for (int i = 0; i < 200; ++i) CHECK(backoff.next() <= 30s);
  CHECK(backoff.next() == 30s);
  backoff.reset();
  CHECK(backoff.next() == 500ms);
}

TEST_CASE("backoff_jitter_spans_half_of_the_step") {
  Backoff low(1s, 30s, [] { return 0.0; });
  CHECK(low.next() == 500ms);
  CHECK(low.next() == 1s);
  Backoff beyond(1s, 30s, [] { return 7.0; });
  CHECK(beyond.next() == 1s);
  Backoff first_over_cap(5s, 1s, [] { return 1.0; });
  CHECK(first_over_cap.next() == 1s);
}
