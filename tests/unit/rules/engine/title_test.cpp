#include "rules/engine/title.h"

#include <catch2/catch.hpp>

using namespace lastgasp;

TEST_CASE("a title takes the captures of its line") {
  const std::vector<Capture> captures{{"number", "12"}, {"what", "page fault"}, {"mode", ""}};
  CHECK(fill_title("Fatal trap {number}: {what}", captures) == "Fatal trap 12: page fault");
  CHECK(fill_title("{what}", captures) == "page fault");
  CHECK(fill_title("in <{mode}>", captures) == "in <>");
  CHECK(fill_title("", captures).empty());
}

TEST_CASE("a doubled brace in a title is one brace, and what was captured is not read again") {
  const std::vector<Capture> captures{{"a", "{b}"}, {"b", "no"}};
  CHECK(fill_title("{{a} {a} }", captures) == "{a} {b} }");
}

TEST_CASE("a title may only name groups of its expression") {
  const std::vector<std::string> groups{"number", "what"};
  CHECK(title_problem("Fatal trap {number}: {what}", groups).empty());
  CHECK(title_problem("plain", {}).empty());
  CHECK(title_problem("{{number", groups).empty());
  CHECK(title_problem("{nmber}", groups) ==
        "{nmber} is no group of match; match has {number}, {what}");
  CHECK(title_problem("{x}", {}) ==
        "{x} is no group of match; match has no named group (?P<name>...)");
  CHECK(title_problem("{}", groups) == "{} is no group of match; match has {number}, {what}");
  CHECK(title_problem("{number", groups) == "a { has no }; write {{ for a brace");
}
