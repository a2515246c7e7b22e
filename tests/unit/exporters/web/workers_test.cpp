#include "exporters/web/workers.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <latch>

namespace lastgasp {

TEST_CASE("searches beyond the limit are refused, a page still runs") {
  Workers workers;
  std::latch release(1), page_done(1);
  std::atomic<int> ran{0};
  const auto search = [&] {
    release.wait();
    ++ran;
  };
  for (std::size_t i = 0; i < kSearchesAtOnce; ++i) CHECK(workers.submit(Lane::search, search));
  CHECK_FALSE(workers.submit(Lane::search, search));
  CHECK(workers.submit(Lane::storage, [&] { page_done.count_down(); }));
  page_done.wait();  // although every search is still running
  release.count_down();
  workers.stop();
  CHECK(ran == static_cast<int>(kSearchesAtOnce));
}

TEST_CASE("waiting work is bounded, and what was accepted is run before the end") {
  Workers workers;
  std::latch release(1);
  std::atomic<int> ran{0};
  int accepted = 0;
  while (accepted < 1000 && workers.submit(Lane::storage, [&] {
    release.wait();
    ++ran;
  }))
    ++accepted;
  CHECK(accepted >= static_cast<int>(kWaitingJobs));
  CHECK(accepted <= static_cast<int>(kWaitingJobs + kSearchesAtOnce + 1));
  release.count_down();
  workers.stop();
  CHECK(ran == accepted);
  CHECK_FALSE(workers.submit(Lane::storage, [] {}));
}

}  // namespace lastgasp
