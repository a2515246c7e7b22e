// Counts what the whole test program allocates: the only way to hold "no allocation per line".
#include <catch2/catch.hpp>
#include <cstdlib>
#include <new>

#include "tests/unit/rules/incident/scenario.h"

namespace {
thread_local std::size_t allocations = 0;
}

[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  ++allocations;
  return std::malloc(size);
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

using namespace lastgasp;

TEST_CASE("a line without a hit allocates nothing once the ring has grown") {
  scenario::Console c;
  const std::string text(80, 'x');
  Line line{.text = text, .at = c.now};
  const auto say = [&](int lines) {
    for (int n = 0; n < lines; ++n) {
      line.number = ++c.number;
      line.begin = line.end;
      line.end += text.size() + 1;
      c.tracker.line(line, {}, c);
    }
  };
  say(300);
  const std::size_t before = allocations;
  say(1000);
  CHECK(allocations == before);
  c.says("[ 1.0] rpd[12]: segfault at 0");
  CHECK(allocations > before);  // the counter counts
}
