#include "collector/line/control_byte.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <string>

using namespace lastgasp;

namespace {

std::size_t plain(std::string_view bytes) {
  const auto* found = std::find_if(bytes.begin(), bytes.end(), control_byte);
  return static_cast<std::size_t>(found - bytes.begin());
}

}  // namespace

TEST_CASE("every byte is control or not wherever it stands in a text of any length") {
  for (int byte = 0; byte < 256; ++byte) {
    for (std::size_t size = 1; size < 50; ++size) {
      std::string text(size, '.');
      for (std::size_t at = 0; at<size; at += size> 20 ? 3 : 1) {
        text[at] = static_cast<char>(byte);
        REQUIRE(find_control(text) == plain(text));
        text[at] = '\t';
      }
    }
  }
}

TEST_CASE("over random bytes control is found where a plain search finds it") {
  std::mt19937 random(20261128);
  for (int round = 0; round < 20'000; ++round) {
    std::string text(random() % 80, ' ');
    const unsigned rare = 1 + random() % 60;
    for (char& c : text)
      c = static_cast<char>(random() % rare == 0 ? random() % 256 : 0x20 + random() % 0x5f);
    REQUIRE(find_control(text) == plain(text));
  }
}
