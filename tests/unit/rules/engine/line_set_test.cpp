#include "rules/engine/line_set.h"

#include <catch2/catch.hpp>

using namespace lastgasp;

TEST_CASE("a line set names all expressions that match, in order") {
  const LineSet set({"c", "panic", "^k", "zz"}, 1 << 20);
  std::vector<int> ids;
  CHECK(set.find("kernel panic", ids) == LineSet::Answer::some);
  CHECK(ids == std::vector<int>{0, 1, 2});
  CHECK(set.find("nothing here? no", ids) == LineSet::Answer::none);
  CHECK(set.find("", ids) == LineSet::Answer::none);
}

TEST_CASE("a line set that does not fit into its memory says so instead of missing a match") {
  const LineSet set({"panic", "oops"}, 100);
  std::vector<int> ids;
  CHECK(set.find("kernel panic", ids) == LineSet::Answer::unsure);
  CHECK(set.find("nothing", ids) == LineSet::Answer::unsure);
}

TEST_CASE("a line set of no expressions matches nothing") {
  const LineSet set({}, 1 << 20);
  std::vector<int> ids;
  CHECK(set.find("kernel panic", ids) == LineSet::Answer::none);
}

TEST_CASE("a line is bytes: NUL and what is no UTF-8 are characters like others") {
  const LineSet set({"a.b"}, 1 << 20);
  std::vector<int> ids;
  CHECK(set.find(std::string_view("a\0b", 3), ids) == LineSet::Answer::some);
  CHECK(set.find("a\xff"
                 "b",
                 ids) == LineSet::Answer::some);
}
