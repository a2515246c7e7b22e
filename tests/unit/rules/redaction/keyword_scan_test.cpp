#include "rules/redaction/keyword_scan.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

#include "redaction_lab.h"

using namespace lastgasp;

namespace {

bool ends_at(const std::string& keyword, std::string_view text, std::size_t end) {
  return keyword.size() <= end &&
         std::equal(keyword.begin(), keyword.end(), text.begin() + (end - keyword.size()),
                    [](char a, char b) {
                      return std::tolower(static_cast<unsigned char>(a)) ==
                             std::tolower(static_cast<unsigned char>(b));
                    });
}

// The plain way: every keyword at every place.
std::size_t plain_find(const std::vector<std::string>& keywords, std::string_view text,
                       std::size_t from) {
  for (std::size_t end = from + 1; end <= text.size(); ++end)
    for (const std::string& keyword : keywords)
      if (ends_at(keyword, text, end)) return end;
  return KeywordScan::npos;
}

std::vector<int> plain_all(const std::vector<std::string>& keywords, std::string_view text) {
  std::vector<int> numbers;
  for (std::size_t number = 0; number < keywords.size(); ++number)
    if (plain_find({keywords[number]}, text, 0) != KeywordScan::npos)
      numbers.push_back(static_cast<int>(number));
  return numbers;
}

// Texts of pieces of keywords and of any bytes; returns how many keywords were found.
std::size_t compare(const std::vector<std::string>& keywords, std::size_t longest, int rounds) {
  const KeywordScan scan(keywords);
  std::mt19937 random(3);
  std::size_t found = 0;
  for (int round = 0; round < rounds; ++round) {
    std::string text;
    for (const std::size_t size = random() % longest; text.size() < size;) {
      const std::string& keyword = keywords[random() % keywords.size()];
      const std::size_t from = random() % 4 == 0 ? 0 : random() % keyword.size();
      text += keyword.substr(from, random() % 3 == 0 ? keyword.npos : random() % 4);
      if (random() % 4 == 0) text += static_cast<char>(random() % 256);
    }
    for (char& c : text)
      if (random() % 2 == 0) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    const std::size_t from = random() % (longest / 3);
    const std::size_t expected = plain_find(keywords, text, from);
    INFO(text << " from " << from);
    REQUIRE(scan.find(text, from) == expected);
    std::vector<int> numbers;
    scan.all(text, numbers);
    std::sort(numbers.begin(), numbers.end());
    numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
    REQUIRE(numbers == plain_all(keywords, text));
    found += expected != KeywordScan::npos;
  }
  return found;
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
  CHECK(compare({"abc", "bcab", "ccc", "a-b ", "cabca"}, 24, 20000) > 1000);
  CHECK(compare({"abcd", "bcda", "dddd", "DDD-", "a cabca"}, 90, 5000) > 1000);
  CHECK(compare({"same word", "SAME WORD", "no twice", "word"}, 60, 2000) > 100);
}

TEST_CASE("it finds what the plain way finds with all built-in keywords, and with many more") {
  std::vector<std::string> keywords;
  for (const RedactionPack& pack : built_in_redaction())
    for (const RedactionRule& rule : pack.rules)
      keywords.insert(keywords.end(), rule.keywords.begin(), rule.keywords.end());
  CHECK(compare(keywords, 200, 300) > 100);
  std::mt19937 random(5);
  for (int i = 0; i < 400; ++i) {  // more pairs than chains
    std::string& added = keywords.emplace_back(3 + random() % 5, ' ');
    for (char& c : added) c = static_cast<char>(' ' + random() % 95);
  }
  CHECK(compare(keywords, 200, 300) > 100);
}
