#include <sys/mount.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <future>

#include "collector/transcript/retention.h"
#include "collector/transcript/schema.h"
#include "tests/unit/collector/transcript/transcript_fixture.h"

using namespace lastgasp;

TEST_CASE("a second writer is refused, and told who holds the folder") {
  TempFolder folder;
  HandClock clock;
  TranscriptWriter writer(folder.path(), {}, clock);
  CHECK_THROWS_WITH(TranscriptWriter(folder.path(), {}, clock),
                    Catch::Contains("process " + std::to_string(getpid())));
}

TEST_CASE("a newer format is refused by writer and reader") {
  TempFolder folder;
  HandClock clock;
  { TranscriptWriter writer(folder.path(), {}, clock); }
  Database::create(hot_path(folder.path())).run("UPDATE meta SET v=99 WHERE k='format'");
  CHECK_THROWS_WITH(TranscriptWriter(folder.path(), {}, clock),
                    Catch::Contains("newer lastgasp (format 99"));
  CHECK_THROWS_WITH(TranscriptReader(folder.path()), Catch::Contains("newer lastgasp"));
}

TEST_CASE("a folder without transcripts is named") {
  TempFolder folder;
  CHECK_THROWS_WITH(TranscriptReader(folder.path()), Catch::Contains("no transcripts in"));
}

TEST_CASE("a full queue refuses, counts and leaves a gap record") {
  TempFolder folder;
  HandClock clock;
  StorageLimits limits;
  limits.queue_bytes = 1000;
  TranscriptWriter writer(folder.path(), limits, clock);
  const ConsoleId id = writer.console_id("r1", ""), other = writer.console_id("r2", "");
  CHECK(append(writer, id, kNoon, "first\n") == 0);
  const IncidentRow incident{1, id, "crash", "critical", "f", "t", kNoon, kNoon, {}, "{}"};
  const std::string flood(2000, 'x');
  const Record record{id, RecordKind::data, kNoon, flood};
  CHECK(writer.append({&record, 1}, {&incident, 1}) == 2000);
  CHECK(append(writer, other, kNoon, flood) == 2000);
  CHECK(append(writer, id, kNoon, "small enough\n") == 0);
  REQUIRE(writer.flush());

  TranscriptReader reader(folder.path());
  const auto tail = reader.tail("r1", 9);
  CHECK(texts(tail) == Texts{"first", "2000 the disk did not keep up", "small enough"});
  CHECK(tail[1].kind == RecordKind::gap);
  CHECK(texts(reader.tail("r2", 9)) == Texts{"2000 the disk did not keep up"});
  CHECK(reader.incident(1));
  CHECK(found(reader, text_query("keep up")).empty());
  CHECK(writer.stats().queue_bytes == 0);
}

TEST_CASE("retention removes the oldest days, never today's") {
  TempFolder folder;
  HandClock clock;
  TranscriptWriter writer(folder.path(), {}, clock);
  const ConsoleId id = writer.console_id("r1", "");
  for (int days = 3; days >= 0; --days) {
    append(writer, id, kNoon - std::chrono::hours(24 * days), "line\n");
  }
  REQUIRE(writer.flush());
  REQUIRE(writer.seal());
  REQUIRE(stored_days(folder.path()).size() == 4);
  CHECK(writer.stats().oldest_record_us == unix_micros(kNoon - std::chrono::hours(72)));

  SECTION("by age, one at a time") {
    const Micros keep = std::chrono::hours(24);
    CHECK(apply_retention(folder.path(), keep, 0, kNoon) == 1);
    CHECK(apply_retention(folder.path(), keep, 0, kNoon) == 1);
    CHECK(apply_retention(folder.path(), keep, 0, kNoon) == 0);
    CHECK(stored_days(folder.path()) == std::vector<Day>{day_of(kNoon) - 1, day_of(kNoon)});
  }
  SECTION("by size") {
    const std::uint64_t bytes =
        bytes_of_days(folder.path()) + bytes_on_disk(hot_path(folder.path()));
    CHECK(apply_retention(folder.path(), std::chrono::hours(9999), bytes - 1, kNoon) == 1);
    CHECK(apply_retention(folder.path(), std::chrono::hours(9999), 1, kNoon) == 2);
    CHECK(stored_days(folder.path()) == std::vector<Day>{day_of(kNoon)});
  }
  SECTION("on a full disk") {
    CHECK(remove_oldest_day(folder.path(), kNoon));
    CHECK(stored_days(folder.path()).size() == 3);
  }
  SECTION("new limits are kept at the next round") {
    StorageLimits limits;
    limits.keep_bytes = 1;
    writer.set_limits(limits);
    REQUIRE(writer.seal());
    CHECK(stored_days(folder.path()).size() == 1);
    CHECK(writer.stats().oldest_record_us == unix_micros(kNoon));
  }
  TranscriptReader reader(folder.path());
  CHECK(reader.tail("r1", 9).size() == stored_days(folder.path()).size());
}

TEST_CASE("a flipped bit costs one block, and is counted") {
  TempFolder folder;
  HandClock clock;
  {
    TranscriptWriter writer(folder.path(), {}, clock);
    const ConsoleId id = writer.console_id("r1", "");
    for (int hour = 0; hour < 3; ++hour) {
      append(writer, id, kNoon + std::chrono::hours(hour), "line " + std::to_string(hour) + "\n");
      REQUIRE(writer.flush());
      REQUIRE(writer.seal());
    }
  }
  Database::create(day_path(folder.path(), day_of(kNoon)))
      .run("UPDATE blk SET data = substr(data, 1, 20) || x'ff' || substr(data, 22) WHERE id=2");
  TranscriptReader reader(folder.path());
  SearchEnd end;
  CHECK(texts(found(reader, text_query("line"), &end)) == Texts{"line 2", "line 0"});
  CHECK(end.damaged_blocks == 1);
  CHECK(end.complete);
  CHECK(texts(reader.tail("r1", 9)) == Texts{"line 0", "line 2"});
}

TEST_CASE("a folder that cannot be written is still read") {
  TempFolder folder;
  HandClock clock;
  {
    TranscriptWriter writer(folder.path(), {}, clock);
    append(writer, writer.console_id("r1", ""), kNoon, "sealed\n");
    REQUIRE(writer.flush());
    REQUIRE(writer.seal());
    append(writer, 1, kNoon, "hot\n");
  }
  const auto path = folder.path();
  if (mount(path.c_str(), path.c_str(), nullptr, MS_BIND, nullptr) != 0) {
    WARN("skipped: mounting needs root");
    return;
  }
  mount(nullptr, path.c_str(), nullptr, MS_BIND | MS_REMOUNT | MS_RDONLY, nullptr);
  std::string raw;
  try {
    TranscriptReader reader(path);
    raw = raw_of(reader, "r1");
  } catch (const Error& error) {
    raw = error.what();
  }
  umount(path.c_str());
  CHECK(raw == "sealed\nhot\n");
}
