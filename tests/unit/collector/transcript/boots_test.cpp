#include <catch2/catch.hpp>

#include "collector/transcript/schema.h"
#include "tests/unit/collector/transcript/transcript_fixture.h"

using namespace lastgasp;

namespace {

void put(TranscriptWriter& writer, const BootRow& boot) { writer.append({}, {}, {&boot, 1}); }

// "core1 1 crash", newest first.
Texts told(TranscriptReader& reader, const BootQuery& query) {
  Texts out;
  for (const FoundBoot& found : reader.boots(query))
    out.push_back(found.console + " " + std::to_string(found.number) + " " + found.boot.reason);
  return out;
}

// Two consoles, five boots, a minute between them.
struct Boots {
  TempFolder folder;
  HandClock clock;
  TranscriptWriter writer{folder.path(), {}, clock};
  ConsoleId core = writer.console_id("core1", "");
  ConsoleId edge = writer.console_id("edge1", "");

  Boots() {
    put(writer, {core, at(0), {}, "unknown", ""});
    put(writer, {edge, at(1), at(2), "power", "Reset cause: power-on"});
    put(writer, {core, at(2), {}, "crash", "Kernel panic"});
    put(writer, {core, at(3), {}, "watchdog", ""});
    put(writer, {edge, at(4), {}, "operator", "reload"});
    REQUIRE(writer.flush());
  }
  static WallTime at(int minutes) { return kNoon + std::chrono::minutes(minutes); }
};

}  // namespace

TEST_CASE("boots are listed newest first, and counted back for each console") {
  Boots b;
  TranscriptReader reader(b.folder.path());
  CHECK(told(reader, {}) == Texts{"edge1 1 operator", "core1 1 watchdog", "core1 2 crash",
                                  "edge1 2 power", "core1 3 unknown"});
  BootQuery query;
  SECTION("of one console") {
    query.consoles = {"core*"};
    CHECK(told(reader, query) == Texts{"core1 1 watchdog", "core1 2 crash", "core1 3 unknown"});
  }
  SECTION("a range does not change the numbers") {
    query.range = {Boots::at(1), Boots::at(3)};
    CHECK(told(reader, query) == Texts{"core1 2 crash", "edge1 2 power"});
  }
  SECTION("the last ones of each") {
    query.last = 1;
    CHECK(told(reader, query) == Texts{"edge1 1 operator", "core1 1 watchdog"});
  }
  SECTION("at most so many") {
    query.limit = 2;
    CHECK(told(reader, query) == Texts{"edge1 1 operator", "core1 1 watchdog"});
  }
}

TEST_CASE(
    "what is learned of a boot later takes the place of what was known, after a restart too") {
  TempFolder folder;
  HandClock clock;
  ConsoleId id = 0;
  {
    TranscriptWriter writer(folder.path(), {}, clock);
    id = writer.console_id("r1", "");
    put(writer, {id, kNoon, {}, "unexplained", ""});
  }
  TranscriptWriter writer(folder.path(), {}, clock);
  const Record record{id, RecordKind::data, kNoon, "login:\n"};
  const BootRow done{id, kNoon, seconds_after(kNoon, 40), "watchdog", "Reset: WDT"};
  writer.append({&record, 1}, {}, {&done, 1});
  REQUIRE(writer.flush());
  TranscriptReader reader(folder.path());
  const auto boots = reader.boots({});
  REQUIRE(boots.size() == 1);
  CHECK(boots[0].boot.began == kNoon);
  CHECK(boots[0].boot.done == seconds_after(kNoon, 40));
  CHECK(boots[0].boot.reason == "watchdog");
  CHECK(boots[0].boot.evidence == "Reset: WDT");
  CHECK(texts(reader.tail("r1", 9)) == Texts{"login:"});
}

TEST_CASE("boots are never refused, however full the queue") {
  TempFolder folder;
  HandClock clock;
  StorageLimits limits;
  limits.queue_bytes = 1000;
  TranscriptWriter writer(folder.path(), limits, clock);
  const ConsoleId id = writer.console_id("r1", "");
  const std::string flood(2000, 'x');
  const Record record{id, RecordKind::data, kNoon, flood};
  const BootRow boot{id, kNoon, {}, "crash", ""};
  CHECK(writer.append({&record, 1}, {}, {&boot, 1}) == 2000);
  REQUIRE(writer.flush());
  CHECK(TranscriptReader(folder.path()).boots({}).size() == 1);
}

TEST_CASE("boots go with the day that held their lines, and no sooner") {
  TempFolder folder;
  HandClock clock;
  TranscriptWriter writer(folder.path(), {}, clock);
  const ConsoleId id = writer.console_id("r1", "");
  for (int days = 3; days >= 0; --days) {
    const WallTime began = kNoon - days * kDay;
    const Record record{id, RecordKind::data, began, "Linux version\n"};
    const BootRow boot{id, began, {}, "days " + std::to_string(days), ""};
    writer.append({&record, 1}, {}, {&boot, 1});
  }
  REQUIRE(writer.flush());
  REQUIRE(writer.seal());
  REQUIRE(writer.flush());
  TranscriptReader reader(folder.path());
  CHECK(reader.boots({}).size() == 4);

  StorageLimits limits;
  limits.keep = 2 * kDay;
  writer.set_limits(limits);
  REQUIRE(writer.seal());
  REQUIRE(writer.flush());
  CHECK(told(reader, {}) == Texts{"r1 1 days 0", "r1 2 days 1", "r1 3 days 2"});
  limits.keep_bytes = 1;
  writer.set_limits(limits);
  REQUIRE(writer.seal());
  REQUIRE(writer.flush());
  CHECK(told(reader, {}) == Texts{"r1 1 days 0"});
}

TEST_CASE("a store from before boots were kept has none") {
  TempFolder folder;
  HandClock clock;
  { TranscriptWriter writer(folder.path(), {}, clock); }
  Database::create(hot_path(folder.path())).run("DROP TABLE boot");
  CHECK(TranscriptReader(folder.path()).boots({}).empty());
  { TranscriptWriter writer(folder.path(), {}, clock); }  // an upgrade
  CHECK(Database::open_read_only(hot_path(folder.path())).has_table("boot"));
}
