#include <catch2/catch.hpp>
#include <random>
#include <string>

#include "collector/transcript/find_text.h"

using namespace lastgasp;

TEST_CASE("a text is found where the standard library finds it, at every place and length") {
  std::mt19937 random(3);
  for (int round = 0; round < 4000; ++round) {
    std::string text;
    const std::size_t size = random() % 200;
    for (std::size_t i = 0; i < size; ++i) text += static_cast<char>('a' + random() % 3);
    std::string needle;
    const std::size_t length = 1 + random() % 7;
    for (std::size_t i = 0; i < length; ++i) needle += static_cast<char>('a' + random() % 3);
    const TextFinder finder(needle);
    for (std::size_t from = 0; from <= size + 1; from += 1 + random() % 9) {
      INFO(text << " / " << needle << " from " << from);
      REQUIRE(finder.find(text, from) == text.find(needle, from));
    }
  }
}

TEST_CASE("a text as long as the one it is sought in, bytes of all kinds, and nothing at all") {
  const std::string bytes("\xff\x00\x80 end", 7);
  CHECK(TextFinder(bytes).find(bytes) == 0);
  CHECK(TextFinder(bytes).find(bytes.substr(1)) == std::string::npos);
  CHECK(TextFinder("x").find("") == std::string::npos);
  CHECK(TextFinder(std::string_view("\0", 1)).find(bytes) == 1);
}
