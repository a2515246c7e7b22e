#include <catch2/catch.hpp>
#include <fstream>
#include <random>

#include "collector/transcript/block_builder.h"
#include "collector/transcript/day_reader.h"
#include "collector/transcript/sealer.h"
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

// Rows of 10,000 bytes of one console, the first, left in the journal by a writer that is gone.
void commit_rows(const TempFolder& folder, int count) {
  HandClock clock;
  TranscriptWriter writer(folder.path(), {}, clock);
  const ConsoleId id = writer.console_id("r1", "");
  for (int i = 0; i < count; ++i) {
    append(writer, id, seconds_after(kNoon, i), std::string(9999, 'x') + "\n");
    REQUIRE(writer.flush());
  }
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
  const std::ofstream being_made(day_path(folder.path(), day_of(kNoon)));
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

TEST_CASE("a step of sealing leaves what was printed last in the journal") {
  TempFolder folder;
  commit_rows(folder, 10);
  UnpackedRows unpacked;
  const auto step = Sealer(folder.path(), 0, unpacked).step(25'000);
  REQUIRE(step);
  CHECK(step->rows == 7);
  CHECK(in_day_file(folder, kNoon, 1).size() == 70'000);
  CHECK(Sealer(folder.path(), 0, unpacked).step(1 << 20)->rows == 10);  // rather all than nothing
}

TEST_CASE("a step of sealing takes the rows that it may, at least one") {
  TempFolder folder;
  commit_rows(folder, 4);
  UnpackedRows unpacked;
  SECTION("two have room") {
    CHECK(Sealer(folder.path(), 0, unpacked).step(0, 25'000)->rows == 2);
    CHECK(in_day_file(folder, kNoon, 1).size() == 20'000);
  }
  SECTION("none has room") { CHECK(Sealer(folder.path(), 0, unpacked).step(0, 5'000)->rows == 1); }
}

TEST_CASE("a day file that was moved aside is not written to any more") {
  TempFolder folder;
  HandClock clock;
  TranscriptWriter writer(folder.path(), {}, clock);
  const ConsoleId id = writer.console_id("r1", "");
  append(writer, id, kNoon, "before\n");
  REQUIRE(writer.flush());
  REQUIRE(writer.seal());
  const std::filesystem::path file = day_path(folder.path(), day_of(kNoon));
  std::filesystem::rename(file, file.string() + ".aside");
  append(writer, id, kNoon, "after\n");
  REQUIRE(writer.flush());
  REQUIRE(writer.seal());
  CHECK(in_day_file(folder, kNoon, id) == "after\n");
}

TEST_CASE("a block ends when its set of grams is full: noise makes small ones, boring text large") {
  std::mt19937 random(9);
  std::string noise, boring;
  while (noise.size() < 600'000) {
    for (int i = 0; i < 70; ++i) noise += static_cast<char>('a' + random() % 26);
    noise += "\r\n";
    boring += "%LINK-3-UPDOWN: Interface Gi0/" + std::to_string(random() % 48) + ", up\r\n";
  }
  const auto sizes = [](const std::string& text) {
    std::vector<std::size_t> out;
    const Piece piece{{1, RecordKind::data, kNoon, text}, day_of(kNoon), true};
    build_blocks({&piece, 1}, [&](const Block& block) { out.push_back(block.text_bytes); });
    return out;
  };
  CHECK(sizes(noise).size() > 15);
  CHECK(sizes(boring).size() <= 3);
}

TEST_CASE("the set of a block has every gram of its lines as a search makes them") {
  std::mt19937 random(21);
  const std::vector<std::string> parts{"up ",     "eth0: link ", "\r\n", "\n",   "50%\r",  "\b",
                                       "\x1b[1m", "panic",       "\r\n", "\r\n", "login: "};
  for (int round = 0; round < 60; ++round) {
    std::vector<std::string> reads(60);
    LineSplit split;
    for (std::string& read : reads) {
      for (std::size_t n = random() % 12; n > 0; --n) read += parts[random() % parts.size()];
      const auto console = static_cast<ConsoleId>(1 + random() % 3);
      const bool mark = random() % 15 == 0;
      if (mark) read = "the line is gone";
      if (read.empty()) continue;
      split.add({console, mark ? RecordKind::disconnected : RecordKind::data, kNoon, read});
    }
    build_blocks(split.take_whole(), [&](const Block& block) {
      for (auto begin = block.records.begin(); begin != block.records.end();) {
        const auto end = std::find_if(begin, block.records.end(), [&](const Record& record) {
          return record.console != begin->console;
        });
        ConsoleLines lines;
        lines.assemble({begin, end});
        std::size_t missing = 0;
        for (std::size_t i = 0; i < lines.size(); ++i) {
          for (const auto& grams : {gram_hashes(lines.text(i)), number_gram_hashes(lines.text(i))})
            for (const GramHash gram : grams) missing += !block.grams.has(gram);
        }
        REQUIRE(missing == 0);
        begin = end;
      }
    });
  }
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
    CHECK(part.size() <= kMostBlockBytes + (16 << 10));
    CHECK(part.back() == '\n');
    CHECK(block.text_bytes == part.size());
    all += part;
  });
  CHECK(all == text + text);
}
