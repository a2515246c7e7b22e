#include "collector/transcript/regex_atoms.h"

#include <catch2/catch.hpp>
#include <random>

#include "collector/transcript/text_matcher.h"

using namespace lastgasp;

namespace {

std::vector<std::string> atoms_of(const std::string& expression) {
  std::vector<std::string> atoms = RegexAtoms(expression, false, 3).atoms();
  std::sort(atoms.begin(), atoms.end());
  return atoms;
}

}  // namespace

TEST_CASE("a digit or a range makes no piece for each character") {
  const std::vector<std::string> expected{" failed at ", " rpm", "fan tray "};
  CHECK(atoms_of("fan tray [0-9] failed at \\d+ rpm") == expected);
  CHECK(atoms_of("fan tray [[:digit:]-] failed at [^]0-9-]+ rpm") == expected);
  CHECK(atoms_of("10[.]1[.]2") == std::vector<std::string>{"10.1.2"});
  CHECK(atoms_of("a\\[0-9\\]bc") == std::vector<std::string>{"a[0-9]bc"});
  CHECK(atoms_of("\\Q[0-9]\\E end") == std::vector<std::string>{"[0-9] end"});
}

TEST_CASE("where an expression matches a line, there is a place in it") {
  std::mt19937 random(17);
  const std::vector<std::string> parts{
      "panic", "eth[0-9]", "\\d+", "[a-f0-9]{2}", "(up|down)", " ",     ".*",   "[[:alpha:]]",
      "link ", "[]x-z]",   "\\.",  "[.]",         "(?i:Oops)", "CPU#?", "^cpu", "\\[1\\]"};
  const std::vector<std::string> words{"panic", "eth0", "eth7",  "42", "af", "up",
                                       "down",  " ",    "link ", "]",  "y",  ".",
                                       "OOPS",  "CPU#", "cpu",   "[1]"};
  int matched = 0;
  for (int round = 0; round < 600; ++round) {
    std::string expression;
    for (std::size_t n = 1 + random() % 4; n > 0; --n) expression += parts[random() % parts.size()];
    const bool ignore_case = random() % 2;
    TextMatcher matcher({&expression, 1}, true, ignore_case);
    for (int line = 0; line < 40; ++line) {
      std::string text;
      for (std::size_t n = random() % 9; n > 0; --n) text += words[random() % words.size()];
      if (!matcher.matches(text)) continue;
      ++matched;
      const auto places = matcher.places(text);
      INFO(expression << " on " << text);
      REQUIRE((!places || !places->empty()));
    }
  }
  CHECK(matched > 300);
}

TEST_CASE("of several texts the rarest says where to look, and all must be there") {
  const std::vector<std::string> both{"link", "down"};
  TextMatcher matcher(both, false, false);
  CHECK(matcher.places("link up\nlink up\nlink down\n")->size() == 1);
  CHECK(matcher.places("link up\n")->empty());
  const std::vector<std::string> none{""};
  CHECK_FALSE(TextMatcher(none, false, false).places("anything"));
}
