#include "exporters/web/workers.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <functional>
#include <latch>

namespace lastgasp {
namespace {

constexpr auto nothing = [] {};

}  // namespace

TEST_CASE("who is told of an answer may ask again at once") {
  Workers workers;
  std::latch all_told(1000);
  std::atomic<int> refused{0};
  std::function<void()> told;
  std::atomic<int> left{1000};
  // Every place is taken all the time, each by somebody who has just had an answer.
  told = [&] {
    if (--left >= static_cast<int>(kSearchesAtOnce))
      refused += !workers.submit(Lane::search, nothing, told);
    all_told.count_down();
  };
  for (std::size_t i = 0; i < kSearchesAtOnce; ++i)
    REQUIRE(workers.submit(Lane::search, nothing, told));
  all_told.wait();
  CHECK(refused == 0);
}

TEST_CASE("searches beyond the limit are refused, a page still runs") {
  Workers workers;
  std::latch release(1), page_done(1);
  std::atomic<int> ran{0};
  const auto search = [&] {
    release.wait();
    ++ran;
  };
  for (std::size_t i = 0; i < kSearchesAtOnce; ++i)
    CHECK(workers.submit(Lane::search, search, nothing));
  CHECK_FALSE(workers.submit(Lane::search, search, nothing));
  CHECK(workers.submit(
      Lane::storage, [&] { page_done.count_down(); }, nothing));
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
  const auto wait = [&] {
    release.wait();
    ++ran;
  };
  while (accepted < 1000 && workers.submit(Lane::storage, wait, nothing)) ++accepted;
  CHECK(accepted >= static_cast<int>(kWaitingJobs));
  CHECK(accepted <= static_cast<int>(kWaitingJobs + kSearchesAtOnce + 1));
  release.count_down();
  workers.stop();
  CHECK(ran == accepted);
  CHECK_FALSE(workers.submit(Lane::storage, nothing, nothing));
}

}  // namespace lastgasp
