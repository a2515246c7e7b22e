#include "rules/engine/in_parallel.h"

#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <stdexcept>
#include <vector>

namespace lastgasp {
namespace {

TEST_CASE("work in parallel is done once for each number") {
  std::vector<std::atomic<int>> done(1000);
  in_parallel(done.size(), [&](std::size_t i) { ++done[i]; });
  CHECK(std::all_of(done.begin(), done.end(), [](const auto& times) { return times == 1; }));
  in_parallel(0, [](std::size_t) { FAIL("there was nothing to do"); });
}

TEST_CASE("work in parallel that fails throws, once nothing runs any more, and begins no more") {
  std::atomic<int> running{0}, begun{0};
  CHECK_THROWS_AS(in_parallel(1'000'000,
                              [&](std::size_t) {
                                ++running;
                                ++begun;
                                --running;
                                throw std::runtime_error("no");
                              }),
                  std::runtime_error);
  CHECK(running == 0);
  CHECK(begun < 1000);
}

}  // namespace
}  // namespace lastgasp
