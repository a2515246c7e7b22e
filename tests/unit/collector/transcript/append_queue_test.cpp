#include "collector/transcript/append_queue.h"

#include <catch2/catch.hpp>

#include "transcript_fixture.h"

using namespace lastgasp;

TEST_CASE("a batch keeps its memory from commit to commit, but not that of a flood") {
  Batch batch;
  const std::string read(1 << 20, 'x');
  batch.add({1, RecordKind::data, kNoon, read});
  const std::size_t usual = batch.bytes.capacity();
  batch.clear();
  CHECK(batch.bytes.capacity() == usual);
  for (int i = 0; i < 40; ++i) batch.add({1, RecordKind::data, kNoon, read});
  batch.clear();
  CHECK(batch.bytes.capacity() < usual);
  CHECK(batch.only_counts());
}
