#include "exporters/web/histogram.h"

#include <catch2/catch.hpp>

namespace lastgasp {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

std::optional<Histogram> histogram(std::initializer_list<Micros> hits) {
  LineCounts counts{seconds(1)};
  for (const auto hit : hits) counts.add(WallTime{hours(500'000)} + hit);
  return histogram_of(counts.buckets());
}

std::uint64_t sum(const Histogram& histogram) {
  std::uint64_t all = 0;
  for (const auto& bar : histogram.bars) all += bar.count;
  return all;
}

}  // namespace

TEST_CASE("bars are a round time long, and there are not too many nor too few") {
  const auto day = histogram({hours(0), hours(1), hours(24)});
  REQUIRE(day);
  CHECK(day->width == minutes(15));
  CHECK(sum(*day) == 3);
  const auto moment = histogram({seconds(0), seconds(2)});
  REQUIRE(moment);
  CHECK(moment->width == seconds(1));
  CHECK(moment->bars.size() >= 60);
  const auto decades = histogram({hours(0), hours(24 * 365 * 20)});
  REQUIRE(decades);
  CHECK(decades->bars.size() <= 120);
}

TEST_CASE("hits at one time need no histogram") {
  CHECK_FALSE(histogram({}));
  CHECK_FALSE(histogram({seconds(3), seconds(3)}));
}

TEST_CASE("bars lead to what they count, without any inline style") {
  Html html;
  draw(html, *histogram({seconds(0), seconds(2), seconds(2)}),
       [](WallTime from, WallTime to) { return to - from == seconds(1) ? "/there" : "/wrong"; });
  const auto text = html.take();
  CHECK(text.find("href=\"/there\"") != std::string::npos);
  CHECK(text.find("/wrong") == std::string::npos);
  CHECK(text.find("style") == std::string::npos);
  CHECK(text.find("2 hits") != std::string::npos);
}

}  // namespace lastgasp
