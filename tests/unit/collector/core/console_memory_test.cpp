#include "collector/core/console_memory.h"

#include <array>
#include <catch2/catch.hpp>
#include <cstring>
#include <thread>
#include <vector>

using namespace lastgasp;

namespace {

constexpr std::array<std::size_t, 6> kSizes{1, 64, 65, 1328, 5 * 1024, 16 * 1024};

struct Piece {
  unsigned char* memory;
  std::size_t bytes;
  unsigned char filled_with;

  bool whole() const {
    for (std::size_t i = 0; i < bytes; ++i)
      if (memory[i] != filled_with) return false;
    return true;
  }
};

Piece filled_piece(std::size_t bytes, unsigned char with) {
  const Piece piece{static_cast<unsigned char*>(console_memory().allocate(bytes)), bytes, with};
  std::memset(piece.memory, with, bytes);
  return piece;
}

// Takes and gives back by turns; how many of the pieces somebody else wrote to.
std::size_t spoiled_pieces(unsigned char mark) {
  constexpr int kRounds = 2000;
  std::size_t spoiled = 0;
  std::vector<Piece> held;
  for (int i = 0; i < kRounds; ++i) {
    held.push_back(filled_piece(kSizes[static_cast<std::size_t>(i) % kSizes.size()], mark));
    if (i % 3 == 0) continue;
    const Piece oldest = held.front();
    held.erase(held.begin());
    spoiled += oldest.whole() ? 0 : 1;
    console_memory().deallocate(oldest.memory, oldest.bytes);
  }
  for (const Piece& piece : held) {
    spoiled += piece.whole() ? 0 : 1;
    console_memory().deallocate(piece.memory, piece.bytes);
  }
  return spoiled;
}

struct Counted : InConsoleMemory {
  explicit Counted(int& count) : alive(count) { ++alive; }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;
  virtual ~Counted() { --alive; }
  int& alive;
};

struct LargerCounted final : Counted {
  using Counted::Counted;
  std::array<char, 3000> more{};
};

}  // namespace

TEST_CASE("pieces of console memory are apart, on several threads and across its pages") {
  std::array<std::size_t, 4> spoiled{};
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < spoiled.size(); ++i)
    threads.emplace_back(
        [&, i] { spoiled[i] = spoiled_pieces(static_cast<unsigned char>(i + 1)); });
  for (std::thread& thread : threads) thread.join();
  CHECK(spoiled == std::array<std::size_t, 4>{});
}

TEST_CASE("objects in console memory live and die as others do, through their base too") {
  int alive = 0;
  {
    const std::unique_ptr<Counted> base = std::make_unique<LargerCounted>(alive);
    const auto shared = make_shared_in_console_memory<Counted>(alive);
    CHECK(alive == 2);
  }
  CHECK(alive == 0);
}

#ifndef __SANITIZE_ADDRESS__
TEST_CASE("a piece that was given back serves the next of its size") {
  void* const first = console_memory().allocate(1000);
  console_memory().deallocate(first, 1000);
  void* const other = console_memory().allocate(200);
  void* const second = console_memory().allocate(1001);
  CHECK(second == first);
  console_memory().deallocate(second, 1001);
  console_memory().deallocate(other, 200);
  CHECK_THROWS_AS(console_memory().allocate(16 * 1024 + 1), std::bad_alloc);
}
#endif
