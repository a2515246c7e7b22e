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

TEST_CASE("a line set of expressions for a line's start finds just what they find") {
  std::vector<int> ids;
  const auto finds = [&](const std::vector<std::string>& patterns, std::string_view line) {
    return LineSet(patterns, 1 << 20).find(line, ids) == LineSet::Answer::some;
  };
  CHECK(finds({"^a", "^(?:b|c)d"}, "cd"));
  CHECK_FALSE(finds({"^a", "^(?:b|c)d"}, "xcd"));
  for (const char* also_elsewhere :
       {"^a|b", "(?:^a|b)", "^*b", "^?b", "^{0}b", "b", "[^b]b", "^a||b", "\\^b|b"}) {
    INFO(also_elsewhere);
    CHECK(finds({also_elsewhere}, "xb"));
    CHECK(finds({"^a", also_elsewhere}, "xb"));
  }
  CHECK(finds({"(?m)^b"}, "x\nb"));
  CHECK(finds({"^[]|]x|^b"}, "bb"));
  CHECK_FALSE(finds({"^[]|]x|^b"}, "x|b"));
}
