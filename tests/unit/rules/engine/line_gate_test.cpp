#include "rules/engine/line_gate.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

#include "rules/engine/characters.h"
#include "rules/engine/line_needs.h"

using namespace lastgasp;

namespace {

using Numbers = std::vector<std::uint32_t>;

Numbers texts_in(const LineGate& gate, std::string_view line) {
  Numbers found{99};
  gate.find_texts(line, found);
  std::sort(found.begin(), found.end());
  return found;
}

// What the gate must say, by looking for one after the other.
Numbers plain(const std::vector<std::string>& texts, std::string_view line) {
  const std::string lower = in_lower_case(line);
  Numbers found;
  for (std::uint32_t i = 0; i < texts.size(); ++i)
    if (lower.find(texts[i]) != lower.npos) found.push_back(i);
  return found;
}

std::string in_capitals(std::string text) {
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

}  // namespace

TEST_CASE("a gate finds a text of any length at any place of a line, in either case") {
  const std::string whole = "kernel panic - not syncing";
  for (std::size_t length = LineNeeds::kShortestText; length <= whole.size(); ++length) {
    const std::string text = whole.substr(0, length);
    const LineGate gate({text}, "");
    for (std::size_t before = 0; before < 20; ++before) {
      for (const std::size_t after : {0, 1, 2, 3, 4, 17}) {
        const std::string line = std::string(before, '.') + text + std::string(after, '.');
        REQUIRE(texts_in(gate, line) == Numbers{0});
        REQUIRE(texts_in(gate, in_capitals(line)) == Numbers{0});
        REQUIRE(texts_in(gate, std::string(before, '.') + text.substr(1) + '.').empty());
      }
    }
  }
}

TEST_CASE("a gate finds its bytes at any place of a line of any length") {
  const LineGate gate({}, "#k\xff");
  for (std::size_t size = 1; size < 70; ++size) {
    REQUIRE_FALSE(gate.has_byte(std::string(size, '.')));
    for (std::size_t at = 0; at < size; ++at) {
      for (const char byte : {'#', 'k', 'K', '\xff'}) {
        std::string line(size, '.');
        line[at] = byte;
        REQUIRE(gate.has_byte(line));
      }
    }
  }
}

TEST_CASE("bytes that only look like a text's letters in another case are not it") {
  const LineGate gate({"a[b", "x@y_z"}, "");
  CHECK(texts_in(gate, "A[B") == Numbers{0});
  CHECK(texts_in(gate, "a{b").empty());
  CHECK(texts_in(gate, "X@Y_Z") == Numbers{1});
  CHECK(texts_in(gate, "x`y\x7fz").empty());
}

TEST_CASE("over random lines a gate says what a plain search says") {
  std::mt19937 random(20261128);
  const auto word = [&](std::size_t shortest, std::size_t longest, int letters) {
    std::string out(shortest + random() % (longest - shortest + 1), ' ');
    for (char& c : out)
      c = static_cast<char>("abcdXYZ\xe4 [\0"[random() % static_cast<unsigned>(letters)]);
    return out;
  };
  std::size_t with_texts = 0, without = 0, with_byte = 0;
  for (int round = 0; round < 300; ++round) {
    std::vector<std::string> texts;
    for (std::size_t i = random() % 6; i > 0; --i) texts.push_back(in_lower_case(word(3, 6, 4)));
    const std::string bytes = random() % 2 == 0 ? "" : "[";
    const LineGate gate(texts, bytes);
    for (int i = 0; i < 100; ++i) {
      const std::string line = word(0, 40, random() % 2 == 0 ? 6 : 11);
      const Numbers found = plain(texts, line);
      ++(found.empty() ? without : with_texts);
      REQUIRE(texts_in(gate, line) == found);
      const bool byte = line.find_first_of(bytes) != line.npos;
      with_byte += byte ? 1 : 0;
      REQUIRE(gate.has_byte(line) == byte);
    }
  }
  CHECK(std::min({with_texts, without, with_byte}) > 500);
}
