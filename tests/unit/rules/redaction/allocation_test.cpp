// Counts what the whole test program allocates: the only way to hold "no allocation per line".
#include <catch2/catch.hpp>
#include <cstdlib>
#include <new>

#include "redaction_lab.h"

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

TEST_CASE("lines without a keyword allocate nothing, whole, coloured or in pieces") {
  Redactor redactor;
  const std::string lines =
      "GigabitEthernet0/0/1 is up, line protocol is up\r\n\x1b[1mcoloured\x1b[0m\r\nhalf a line";
  const auto round = [&] {
    redactor.feed(built_in_rules(), lines, {});
    redactor.feed(built_in_rules(), " that goes on\r\n", {});
  };
  round();  // grows the buffers
  const std::size_t before = allocations;
  for (int i = 0; i < 100; ++i) round();
  CHECK(allocations == before);
  const std::string counts(4096, 'x');
  CHECK(allocations > before);
}
