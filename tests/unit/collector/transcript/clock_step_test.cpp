// A wall clock that steps a day forward and back, or back and forward again.
#include <catch2/catch.hpp>

#include "collector/transcript/retention.h"
#include "collector/transcript/schema.h"
#include "tests/unit/collector/transcript/transcript_fixture.h"

using namespace lastgasp;

TEST_CASE("a clock that steps a day and back loses nothing, and times stay searchable") {
  TempFolder folder;
  HandClock clock;
  const std::chrono::hours step(GENERATE(24, -24));
  TranscriptWriter writer(folder.path(), {}, clock);
  const ConsoleId id = writer.console_id("r1", "");
  const auto say = [&](const std::string& text) {
    append(writer, id, clock.now().wall, text);
    REQUIRE(writer.flush());
    REQUIRE(writer.seal());
    clock.advance(std::chrono::seconds(1));
  };
  say("line before\n");
  clock.set_wall(kNoon + step);
  say("line stepped\n");
  clock.set_wall(seconds_after(kNoon, 10));
  say("line after\n");
  append(writer, id, clock.now().wall, "line waiting\n");
  REQUIRE(writer.flush());

  TranscriptReader reader(folder.path());
  CHECK(found(reader, text_query("line")).size() == 4);
  Query query = text_query("line");
  query.range = {kNoon + step, kNoon + step + std::chrono::seconds(1)};
  CHECK(texts(found(reader, query)) == Texts{"line stepped"});
  query.range = {kNoon, seconds_after(kNoon, 60)};
  query.newest_first = false;
  CHECK(texts(found(reader, query)) == Texts{"line before", "line after", "line waiting"});
}

TEST_CASE("a day of the future costs today nothing, and goes like any other") {
  TempFolder folder;
  HandClock clock;
  TranscriptWriter writer(folder.path(), {}, clock);
  const ConsoleId id = writer.console_id("r1", "");
  for (const WallTime at : {kNoon, kNoon + kDay}) append(writer, id, at, "line\n");
  REQUIRE(writer.flush());
  REQUIRE(writer.seal());
  const std::vector<Day> both{day_of(kNoon), day_of(kNoon) + 1};
  REQUIRE(stored_days(folder.path()) == both);

  CHECK(apply_retention(folder.path(), kDay, 0, kNoon) == 0);
  CHECK(stored_days(folder.path()) == both);
  SECTION("by age, when its time has come") {
    CHECK(apply_retention(folder.path(), kDay, 0, kNoon + 3 * kDay) == 1);
    CHECK(apply_retention(folder.path(), kDay, 0, kNoon + 3 * kDay) == 1);
    CHECK(stored_days(folder.path()).empty());
  }
  SECTION("by size, before today's does") {
    CHECK(apply_retention(folder.path(), 400 * kDay, 1, kNoon) == 1);
    CHECK(stored_days(folder.path()) == std::vector<Day>{day_of(kNoon)});
  }
  SECTION("on a full disk, before today's does") {
    CHECK(remove_oldest_day(folder.path(), kNoon));
    CHECK(stored_days(folder.path()) == std::vector<Day>{day_of(kNoon)});
  }
}
