#include "collector/transcript/unpacked_rows.h"

#include <catch2/catch.hpp>

#include "collector/transcript/verify.h"
#include "transcript_fixture.h"

using namespace lastgasp;

TEST_CASE("full rows are given away once, small ones are not kept") {
  UnpackedRows rows;
  const std::string full(UnpackedRows::kLeastBytes, 'x');
  rows.put(7, full);
  rows.put(8, "small");
  CHECK(rows.take(8).empty());
  CHECK(rows.take(7) == full);
  CHECK(rows.take(7).empty());
}

TEST_CASE("what has no room is not kept, and room comes back") {
  UnpackedRows rows;
  const std::string full(UnpackedRows::kLeastBytes, 'x');
  constexpr auto kRoom =
      static_cast<std::int64_t>(UnpackedRows::kMostBytes / UnpackedRows::kLeastBytes);
  for (std::int64_t seq = 1; seq <= kRoom + 2; ++seq) rows.put(seq, full);
  CHECK(rows.take(kRoom + 1).empty());
  CHECK(rows.take(1) == full);
  rows.put(kRoom + 3, full);
  CHECK(rows.take(kRoom + 3) == full);
  CHECK(rows.take(kRoom) == full);
}

TEST_CASE("a flood is sealed as the journal has it, whether or not its rows are still unpacked") {
  TempFolder folder;
  HandClock clock;
  TranscriptWriter writer(folder.path(), {}, clock);
  const ConsoleId a = writer.console_id("a", ""), b = writer.console_id("b", "");
  std::string printed[2];
  for (int i = 0; printed[0].size() < 3 * UnpackedRows::kLeastBytes; ++i) {
    const std::string read = std::string(700, 'x') + " read " + std::to_string(i) + "\nunended";
    append(writer, a, seconds_after(kNoon, i / 100), read);
    append(writer, b, seconds_after(kNoon, i / 100), read);
    printed[0] += read;
    printed[1] += read;
  }
  REQUIRE(writer.flush());
  REQUIRE(writer.seal());
  TranscriptReader reader(folder.path());
  CHECK(raw_of(reader, "a") == printed[0]);
  CHECK(raw_of(reader, "b") == printed[1]);
  CHECK(verify(folder.path(), [](std::uint64_t) {}).problems.empty());
}
