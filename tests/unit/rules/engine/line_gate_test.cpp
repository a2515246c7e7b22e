#include "rules/engine/line_gate.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

#include "rules/engine/cost.h"
#include "rules/engine/line_needs.h"

using namespace lastgasp;

namespace {

using Answer = LineGate::Answer;

// What the gate must say, by looking for one after the other.
Answer plain(const std::vector<std::string>& texts, std::string_view bytes, std::string_view line) {
  const std::string lower = in_lower_case(line);
  for (const std::string& text : texts)
    if (lower.find(text) != lower.npos) return Answer::text;
  return lower.find_first_of(bytes) != lower.npos ? Answer::bytes : Answer::nothing;
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
    const LineGate gate({text}, "", ordinary_text());
    for (std::size_t before = 0; before < 20; ++before) {
      for (const std::size_t after : {0, 1, 2, 3, 4, 17}) {
        const std::string line = std::string(before, '.') + text + std::string(after, '.');
        REQUIRE(gate.ask(line) == Answer::text);
        REQUIRE(gate.ask(in_capitals(line)) == Answer::text);
        REQUIRE(gate.ask(std::string(before, '.') + text.substr(1) + '.') == Answer::nothing);
      }
    }
  }
}

TEST_CASE("a gate finds its bytes at any place of a line of any length") {
  const LineGate gate({}, "#k\xff", ordinary_text());
  for (std::size_t size = 1; size < 70; ++size) {
    REQUIRE(gate.ask(std::string(size, '.')) == Answer::nothing);
    for (std::size_t at = 0; at < size; ++at) {
      for (const char byte : {'#', 'k', 'K', '\xff'}) {
        std::string line(size, '.');
        line[at] = byte;
        REQUIRE(gate.ask(line) == Answer::bytes);
      }
    }
  }
}

TEST_CASE("bytes that only look like a text's letters in another case are not it") {
  const LineGate gate({"a[b", "x@y_z"}, "", ordinary_text());
  CHECK(gate.ask("A[B") == Answer::text);
  CHECK(gate.ask("a{b") == Answer::nothing);
  CHECK(gate.ask("X@Y_Z") == Answer::text);
  CHECK(gate.ask("x`y\x7fz") == Answer::nothing);
}

TEST_CASE("over random lines a gate says what a plain search says") {
  std::mt19937 random(20261128);
  const auto word = [&](std::size_t shortest, std::size_t longest, int letters) {
    std::string out(shortest + random() % (longest - shortest + 1), ' ');
    for (char& c : out)
      c = static_cast<char>("abcdXYZ\xe4 [\0"[random() % static_cast<unsigned>(letters)]);
    return out;
  };
  std::size_t answers[3] = {};
  for (int round = 0; round < 300; ++round) {
    std::vector<std::string> texts;
    for (std::size_t i = random() % 6; i > 0; --i) texts.push_back(in_lower_case(word(3, 6, 4)));
    const std::string bytes = random() % 2 == 0 ? "" : "[";
    const LineGate gate(texts, bytes, ordinary_text());
    for (int i = 0; i < 100; ++i) {
      const std::string line = word(0, 40, random() % 2 == 0 ? 6 : 11);
      const Answer answer = plain(texts, bytes, line);
      ++answers[static_cast<std::size_t>(answer)];
      REQUIRE(gate.ask(line) == answer);
    }
  }
  CHECK(*std::min_element(answers, answers + 3) > 500);
}
