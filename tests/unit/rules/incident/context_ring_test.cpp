#include "rules/incident/context_ring.h"

#include <catch2/catch.hpp>

#include <deque>
#include <random>

using namespace lastgasp;

// The plain way to keep the last lines.
class PlainRing {
 public:
  void push(std::string_view line) {
    lines.emplace_back(line.substr(0, ContextRing::kMaxLineBytes));
    const auto bytes = [this] {
      std::size_t sum = 0;
      for (const auto& kept : lines) sum += kept.size() + 2;
      return sum;
    };
    while (lines.size() > ContextRing::kMaxLines || bytes() > ContextRing::kMaxBytes)
      lines.pop_front();
  }
  std::deque<std::string> lines;
};

TEST_CASE("the last lines are kept whatever their lengths") {
  std::mt19937 random(1);
  const auto longest = GENERATE(5u, 85u, 120u, 400u, 1500u);
  ContextRing ring;
  PlainRing plain;
  for (int i = 0; i < 3000; ++i) {
    const std::string line(random() % longest, static_cast<char>('a' + i % 26));
    ring.push(line);
    plain.push(line);
    if (i % 7) continue;
    const auto kept = ring.lines();
    REQUIRE(std::equal(kept.begin(), kept.end(), plain.lines.begin(), plain.lines.end()));
  }
}

TEST_CASE("a ring that was cleared begins anew") {
  ContextRing ring;
  for (int i = 0; i < 200; ++i) ring.push("a line of before");
  ring.clear();
  CHECK(ring.lines().empty());
  ring.push("one");
  CHECK(ring.lines() == std::vector<std::string>{"one"});
}
