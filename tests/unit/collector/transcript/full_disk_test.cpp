// A disk that is full: while lines are committed, while they are sealed, and while days go.
#include <catch2/catch.hpp>

#include "collector/transcript/disk_room.h"
#include "collector/transcript/retention.h"
#include "collector/transcript/schema.h"
#include "tests/unit/collector/transcript/small_disk.h"

using namespace lastgasp;

namespace {

// One sealed day after the other, the last of them kNoon's.
std::string fill_days(TranscriptWriter& writer, ConsoleId id, int days, std::size_t bytes) {
  std::string all;
  for (int i = days - 1; i >= 0; --i) {
    all += noisy_lines(bytes, static_cast<unsigned>(i));
    append(writer, id, kNoon - i * kDay, noisy_lines(bytes, static_cast<unsigned>(i)));
    REQUIRE(writer.flush());
  }
  REQUIRE(writer.seal());
  return all;
}

bool aside(const SmallDisk& disk) { return std::filesystem::exists(disk.path() / "reserve"); }

}  // namespace

TEST_CASE("while a full disk takes no lines they wait, what is too much is a gap on record") {
  SmallDisk disk("8m");
  if (!disk.mounted()) return;
  HandClock clock;
  StorageLimits limits;
  limits.queue_bytes = 1 << 20;
  TranscriptWriter writer(disk.path(), limits, clock);
  const ConsoleId id = writer.console_id("r1", "");
  append(writer, id, kNoon, "before\n");
  REQUIRE(writer.flush());
  CHECK(aside(disk));

  disk.fill();
  const std::string noise = noisy_lines(600'000, 1);
  append(writer, id, seconds_after(kNoon, 1), noise);
  CHECK_FALSE(writer.flush());
  CHECK_FALSE(aside(disk));
  CHECK(writer.stats().commit_failures > 0);
  CHECK(writer.stats().oldest_unsynced_us == unix_micros(seconds_after(kNoon, 1)));
  CHECK(append(writer, id, seconds_after(kNoon, 2), noise) == noise.size());
  const IncidentRow incident{1, id, "panic", "critical", "f", "t", kNoon, kNoon, {}, "{}"};
  writer.append({}, {&incident, 1});

  disk.empty();
  CHECK(writer.flush());
  append(writer, id, seconds_after(kNoon, 3), "after\n");
  CHECK(writer.flush());
  CHECK(writer.stats().oldest_unsynced_us == 0);
  TranscriptReader reader(disk.path());
  CHECK(raw_of(reader, "r1") == "before\n" + noise + "after\n");
  CHECK(reader.incident(1));
  const auto tail = reader.tail("r1", 2);
  REQUIRE(tail.size() == 2);
  CHECK(tail[0].kind == RecordKind::gap);
  CHECK(tail[0].text == std::to_string(noise.size()) + " the disk did not keep up");
  CHECK(writer.seal());
  CHECK(aside(disk));
}

TEST_CASE("a step of sealing that finds the disk full is taken again, and doubles nothing") {
  SmallDisk disk("16m");
  if (!disk.mounted()) return;
  HandClock clock;
  TranscriptWriter writer(disk.path(), {}, clock);
  const ConsoleId id = writer.console_id("r1", "");
  const std::string noise = noisy_lines(2'000'000, 1);
  append(writer, id, kNoon, noise);
  REQUIRE(writer.flush());
  disk.fill();
  CHECK_FALSE(writer.seal());
  CHECK_FALSE(writer.seal());
  {
    TranscriptReader reader(disk.path());
    CHECK(raw_of(reader, "r1") == noise);
  }
  disk.empty();
  append(writer, id, seconds_after(kNoon, 1), "after\n");
  REQUIRE(writer.flush());
  CHECK(writer.seal());
  TranscriptReader reader(disk.path());
  CHECK(raw_of(reader, "r1") == noise + "after\n");
  CHECK(texts(found(reader, text_query("after"))) == Texts{"after"});
  CHECK(stored_days(disk.path()) == std::vector<Day>{day_of(kNoon)});
}

TEST_CASE("on a full disk the oldest days go, one after the other, and today is stored") {
  SmallDisk disk("16m");
  if (!disk.mounted()) return;
  HandClock clock;
  TranscriptWriter writer(disk.path(), {}, clock);
  const ConsoleId id = writer.console_id("r1", "");
  const std::string all = fill_days(writer, id, 4, 500'000);
  disk.fill();
  const std::string noise = noisy_lines(2'000'000, 7);
  append(writer, id, seconds_after(kNoon, 1), noise);
  // The clock stands still: one day, then none, however often it fails.
  CHECK_FALSE(writer.flush());
  CHECK_FALSE(writer.flush());
  CHECK_FALSE(writer.flush());
  CHECK(stored_days(disk.path()).size() == 3);
  for (int i = 0; i < 20 && stored_days(disk.path()).size() > 1; ++i) {
    clock.advance(DiskRoom::kBetweenDays);
    writer.flush();
  }
  disk.empty();
  REQUIRE(writer.flush());
  TranscriptReader reader(disk.path());
  const std::string kept = raw_of(reader, "r1");
  CHECK(kept.ends_with(noise));
  CHECK((all + noise).ends_with(kept));
  CHECK(stored_days(disk.path()).back() == day_of(kNoon));
  const WallTime oldest = from_unix_micros(writer.stats().oldest_record_us);
  CHECK(day_of(oldest) == stored_days(disk.path()).front());
}

TEST_CASE("limits are kept to on a full disk too") {
  SmallDisk disk("16m");
  if (!disk.mounted()) return;
  HandClock clock;
  TranscriptWriter writer(disk.path(), {}, clock);
  fill_days(writer, writer.console_id("r1", ""), 4, 500'000);
  disk.fill();
  StorageLimits limits;
  limits.keep = kDay;
  writer.set_limits(limits);
  writer.seal();
  CHECK(stored_days(disk.path()).size() == 3);
  append(writer, 1, seconds_after(kNoon, 1), "after\n");
  CHECK(writer.flush());
  TranscriptReader reader(disk.path());
  CHECK(texts(found(reader, text_query("after"))) == Texts{"after"});
}

TEST_CASE("room is made of what was put aside first, then of days with a pause between them") {
  SmallDisk disk("16m");
  if (!disk.mounted()) return;
  HandClock clock;
  {
    TranscriptWriter writer(disk.path(), {}, clock);
    fill_days(writer, writer.console_id("r1", ""), 4, 100'000);
  }
  DiskRoom room(disk.path());
  REQUIRE(aside(disk));
  CHECK_FALSE(room.make(clock.now()));
  CHECK_FALSE(aside(disk));
  SECTION("one at a time") {
    CHECK(room.make(clock.now()));
    CHECK_FALSE(room.make(clock.now()));
    clock.advance(DiskRoom::kBetweenDays);
    CHECK(room.make(clock.now()));
    CHECK(stored_days(disk.path()).size() == 2);
  }
  SECTION("never the last one, never today's") {
    for (int i = 0; i < 9; ++i, clock.advance(DiskRoom::kBetweenDays)) room.make(clock.now());
    CHECK(stored_days(disk.path()) == std::vector<Day>{day_of(kNoon)});
  }
  SECTION("no other while one that went is still held open") {
    std::ifstream held(day_path(disk.path(), day_of(kNoon) - 3));
    REQUIRE(held.get() != EOF);
    CHECK(room.make(clock.now()));
    clock.advance(DiskRoom::kBetweenDays);
    CHECK_FALSE(room.make(clock.now()));
    CHECK(stored_days(disk.path()).size() == 3);
    held.close();
    CHECK(room.make(clock.now()));
    CHECK(stored_days(disk.path()).size() == 2);
  }
  SECTION("space is put aside again when there is plenty") {
    disk.fill();
    room.put_aside();
    CHECK_FALSE(aside(disk));
    disk.empty();
    room.put_aside();
    CHECK(aside(disk));
  }
}
