// Counts what the whole test program allocates: the only way to hold "no allocation per line".
#include <catch2/catch.hpp>
#include <cstdlib>
#include <new>

#include "rules/engine/rule_set.h"

namespace {
thread_local std::size_t allocations = 0;
}

void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  ++allocations;
  return std::malloc(size);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

using namespace lastgasp;

TEST_CASE("a line that no rule matches allocates nothing") {
  Pack pack;
  for (int i = 0; i < 50; ++i) {
    Rule rule;
    rule.id = "a.r" + std::to_string(i);
    rule.match = "trap " + std::to_string(i) + ": (?P<what>.+) at (?P<where>\\w+)";
    pack.rules.push_back(rule);
  }
  Matcher matcher(RuleSet::compile({&pack, 1}));
  const std::string line = "GigabitEthernet0/0/1 trap 77: is up, line protocol is up at 12:00:01";
  matcher.match(line, "ios");  // builds the automaton's states
  const std::size_t before = allocations;
  for (int i = 0; i < 100; ++i) matcher.match(line, "ios");
  CHECK(allocations == before);
  REQUIRE(matcher.match("trap 7: x at y", "ios").size() == 1);
  CHECK(allocations > before);  // the counter counts
}
