#include <catch2/catch.hpp>
#include <fstream>

#include "collector/transcript/block_builder.h"
#include "collector/transcript/day_reader.h"
#include "tests/unit/collector/transcript/transcript_fixture.h"

using namespace lastgasp;

namespace {

// Everything of `console` that a day file holds, without the journal.
std::string in_day_file(const TempFolder& folder, WallTime at, ConsoleId console) {
  const auto day = DayReader::open(folder.path(), day_of(at));
  REQUIRE(day);
  std::string bytes;
  for (const BlockRef& ref : day->blocks(nullptr, {})) {
    LoadedBlock block;
    REQUIRE(day->load(ref.id, block));
    for (const Record& record : block.of(console)) bytes += record.bytes;
  }
  return bytes;
}

}  // namespace

TEST_CASE("sealing puts each line whole into the day it began") {
  TempFolder folder;
  HandClock clock;
  const WallTime midnight = kNoon + std::chrono::hours(12);
  TranscriptWriter writer(folder.path(), {}, clock);
  const ConsoleId id = writer.console_id("r1", "");
  append(writer, id, midnight - Micros(1), "before\nbegun ");
  append(writer, id, midnight, "before\nafter\nopen");
  REQUIRE(writer.flush());
  REQUIRE(writer.seal());
  CHECK(in_day_file(folder, midnight - Micros(1), id) == "before\nbegun before\n");
  CHECK(in_day_file(folder, midnight, id) == "after\n");
  append(writer, id, seconds_after(midnight, 5), " no more\n");
  REQUIRE(writer.flush());
  REQUIRE(writer.seal());
  CHECK(in_day_file(folder, midnight, id) == "after\nopen no more\n");
  TranscriptReader reader(folder.path());
  CHECK(raw_of(reader, "r1", {midnight, midnight + Micros(1)}) == "before\nafter\nopen");
}

TEST_CASE("a day file that is only being made is not there yet") {
  TempFolder folder;
  HandClock clock;
  TranscriptWriter writer(folder.path(), {}, clock);
  const ConsoleId id = writer.console_id("r1", "");
  append(writer, id, kNoon, "still in the journal\n");
  REQUIRE(writer.flush());
  std::filesystem::create_directories(folder.path() / "days");
  std::ofstream(day_path(folder.path(), day_of(kNoon)));
  CHECK_FALSE(DayReader::open(folder.path(), day_of(kNoon)));
  TranscriptReader reader(folder.path());
  Query query;
  query.text = "journal";
  const SearchEnd end = reader.search(query, [](const FoundLine&) { return true; });
  CHECK(end.hits == 1);
  CHECK(end.damaged_blocks == 0);
  REQUIRE(writer.seal());
  CHECK(in_day_file(folder, kNoon, id) == "still in the journal\n");
}

TEST_CASE("a line that stays open does not hold the journal for ever") {
  TempFolder folder;
  HandClock clock;
  TranscriptWriter writer(folder.path(), {}, clock);
  const ConsoleId idle = writer.console_id("idle", ""), flood = writer.console_id("flood", "");
  append(writer, idle, kNoon, "login: ");
  append(writer, flood, kNoon, std::string(LineSplit::kMaxOpenBytes + 1, 'x'));
  REQUIRE(writer.flush());
  REQUIRE(writer.seal());
  CHECK(in_day_file(folder, kNoon, idle).empty());
  CHECK(in_day_file(folder, kNoon, flood).size() == LineSplit::kMaxOpenBytes + 1);
  append(writer, flood, kNoon + LineSplit::kMaxOpenAge + Micros(1), "\n");
  REQUIRE(writer.flush());
  REQUIRE(writer.seal());
  CHECK(in_day_file(folder, kNoon, idle) == "login: ");
}

TEST_CASE("records are in the day of their own time when the clock was stepped") {
  TempFolder folder;
  HandClock clock;
  TranscriptWriter writer(folder.path(), {}, clock);
  const ConsoleId id = writer.console_id("r1", "");
  const WallTime yesterday = kNoon - std::chrono::hours(24);
  append(writer, id, kNoon, "at noon\n");
  append(writer, id, yesterday, "stepped back\n");
  append(writer, id, seconds_after(kNoon, 1), "at noon again\n");
  REQUIRE(writer.flush());
  REQUIRE(writer.seal());
  CHECK(in_day_file(folder, yesterday, id) == "stepped back\n");
  CHECK(in_day_file(folder, kNoon, id) == "at noon\nat noon again\n");
  TranscriptReader reader(folder.path());
  Query query;
  query.range = {kNoon, seconds_after(kNoon, 1)};
  CHECK(texts(found(reader, query)) == Texts{"at noon"});
}

TEST_CASE("the journal is sealed by itself when it has grown") {
  TempFolder folder;
  HandClock clock;
  TranscriptWriter writer(folder.path(), {}, clock);
  const ConsoleId id = writer.console_id("r1", "");
  for (int i = 0; i < 40; ++i) append(writer, id, kNoon, std::string(255 << 10, 'x') + "\n");
  REQUIRE(writer.flush());
  REQUIRE(writer.seal());  // waits for the round under way too
  CHECK(writer.stats().days_bytes > 0);
  TranscriptReader reader(folder.path());
  CHECK(raw_of(reader, "r1").size() == 40 * ((255 << 10) + 1));
}

TEST_CASE("blocks hold whole lines of bounded size") {
  std::string text;
  for (int i = 0; i < 60000; ++i) text += "line " + std::to_string(i) + "\n";
  LineSplit split;
  for (std::size_t at = 0; at < text.size(); at += 1000) {
    split.add({1, RecordKind::data, kNoon, std::string_view(text).substr(at, 1000)});
  }
  split.add({1, RecordKind::data, kNoon, text});
  std::string all;
  build_blocks(split.take_whole(), [&](const Block& block) {
    std::string part;
    for (const Record& record : block.records) part += record.bytes;
    CHECK(part.size() <= kBlockBytes + 64);
    CHECK(part.back() == '\n');
    CHECK(block.text_bytes == part.size());
    all += part;
  });
  CHECK(all == text + text);
}
