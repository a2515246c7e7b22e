#include "rules/redaction/keyword_scan.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

using namespace lastgasp;

namespace {

// The plain way: every keyword at every place.
std::size_t plain_find(const std::vector<std::string>& keywords, std::string_view text,
                       std::size_t from) {
  for (std::size_t end = from + 1; end <= text.size(); ++end)
    for (const std::string& keyword : keywords)
      if (keyword.size() <= end &&
          std::equal(keyword.begin(), keyword.end(), text.begin() + (end - keyword.size()),
                     [](char a, char b) {
                       return std::tolower(static_cast<unsigned char>(a)) ==
                              std::tolower(static_cast<unsigned char>(b));
                     }))
        return end;
  return KeywordScan::npos;
}

}  // namespace

TEST_CASE("the keyword that ends first is found, in any case") {
  const KeywordScan scan({"pre-shared-key", "shared", "key "});
  CHECK(scan.find("a Pre-SHARED-key b", 0) == 12);
  CHECK(scan.find("a Pre-SHARED-key b", 12) == 16);
  CHECK(scan.find("a Pre-SHARED-key b", 16) == 17);
  CHECK(scan.find("a Pre-SHARED-key b", 17) == KeywordScan::npos);
  CHECK(scan.find("", 0) == KeywordScan::npos);
  CHECK(KeywordScan({}).find("anything at all", 0) == KeywordScan::npos);
}

TEST_CASE("it finds what the plain way finds") {
  const std::vector<std::string> keywords{"abc", "bcab", "ccc", "a-b ", "cabca"};
  const KeywordScan scan(keywords);
  std::mt19937 random(3);
  static constexpr std::string_view kLetters = "abcABC- !";
  std::size_t found = 0;
  for (int round = 0; round < 20000; ++round) {
    std::string text(random() % 24, ' ');
    for (char& c : text) c = kLetters[random() % kLetters.size()];
    const std::size_t from = random() % 8;
    const std::size_t expected = plain_find(keywords, text, from);
    REQUIRE(scan.find(text, from) == expected);
    found += expected != KeywordScan::npos;
  }
  CHECK(found > 1000);
}
