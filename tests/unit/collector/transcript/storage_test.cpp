#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <future>
#include <thread>

#include "collector/transcript/retention.h"
#include "collector/transcript/schema.h"
#include "collector/transcript/verify.h"
#include "tests/unit/collector/transcript/small_disk.h"

using namespace lastgasp;

namespace {

// As long as it lives no file of this process grows: a disk that fails, but is not full. (One
// cannot be made read-only while somebody writes to it.)
class RefusedWrites {
 public:
  RefusedWrites() : handler_(signal(SIGXFSZ, SIG_IGN)) {
    REQUIRE(getrlimit(RLIMIT_FSIZE, &before_) == 0);
    const rlimit none{0, before_.rlim_max};
    REQUIRE(setrlimit(RLIMIT_FSIZE, &none) == 0);
  }
  RefusedWrites(const RefusedWrites&) = delete;
  RefusedWrites& operator=(const RefusedWrites&) = delete;
  ~RefusedWrites() {
    setrlimit(RLIMIT_FSIZE, &before_);
    signal(SIGXFSZ, handler_);
  }

 private:
  sighandler_t handler_;
  rlimit before_{};
};

void drop_tables(const std::filesystem::path& file, const Texts& but) {
  Texts tables;
  Database db = Database::create(file);
  {
    Statement select(db, "SELECT name FROM sqlite_schema WHERE type='table'");
    while (select.step()) tables.push_back(select.text(0));
  }
  for (const std::string& table : tables)
    if (std::find(but.begin(), but.end(), table) == but.end()) db.run("DROP TABLE " + table);
}

}  // namespace

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

TEST_CASE("a disk that is read-only is refused with the way out, and read") {
  SmallDisk disk("8m");
  if (!disk.mounted()) return;
  HandClock clock;
  const bool fresh = GENERATE(true, false);
  if (!fresh) {
    TranscriptWriter writer(disk.path(), {}, clock);
    append(writer, writer.console_id("r1", ""), kNoon, "sealed\n");
    REQUIRE(writer.flush());
    REQUIRE(writer.seal());
    append(writer, 1, kNoon, "hot\n");
  }
  REQUIRE(disk.set_writable(false));
  CHECK_THROWS_WITH(TranscriptWriter(disk.path(), {}, clock),
                    Catch::Contains("Read-only file system") && Catch::Contains("choose a folder"));
  if (fresh) {
    CHECK_THROWS_WITH(TranscriptReader(disk.path()), Catch::Contains("no transcripts in"));
  } else {
    TranscriptReader reader(disk.path());
    CHECK(raw_of(reader, "r1") == "sealed\nhot\n");
    CHECK(texts(found(reader, text_query("sealed"))) == Texts{"sealed"});
  }
  REQUIRE(disk.set_writable(true));
  TranscriptWriter writer(disk.path(), {}, clock);
  append(writer, writer.console_id("r1", ""), kNoon, "after\n");
  CHECK(writer.flush());
}

TEST_CASE(
    "while the disk refuses writes lines wait, and are stored by themselves when it takes them") {
  TempFolder folder;
  HandClock clock;
  TranscriptWriter writer(folder.path(), {}, clock);
  const ConsoleId id = writer.console_id("r1", "");
  for (int day = 1; day >= 0; --day) {
    append(writer, id, kNoon - day * std::chrono::hours(24), "before\n");
    REQUIRE(writer.flush());
  }
  REQUIRE(writer.seal());
  {
    const RefusedWrites refused;
    append(writer, id, seconds_after(kNoon, 1), "meanwhile\n");
    CHECK_FALSE(writer.flush());
    CHECK_FALSE(writer.flush());
    CHECK(writer.stats().commit_failures >= 2);
    CHECK(writer.stats().oldest_unsynced_us == unix_micros(seconds_after(kNoon, 1)));
    append(writer, id, seconds_after(kNoon, 2), "later\n");
  }
  // Nobody asks for it: the writer tries again by itself.
  TranscriptReader reader(folder.path());
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (writer.stats().oldest_unsynced_us != 0 && std::chrono::steady_clock::now() < deadline)
    std::this_thread::yield();
  CHECK(raw_of(reader, "r1") == "before\nbefore\nmeanwhile\nlater\n");
  CHECK(stored_days(folder.path()).size() == 2);  // what is no full disk costs no day
  CHECK(writer.seal());
}

TEST_CASE("files without the tables of later versions are read and written on") {
  TempFolder folder;
  HandClock clock;
  {
    TranscriptWriter writer(folder.path(), {}, clock);
    append(writer, writer.console_id("r1", ""), kNoon, "widget of old\n");
    REQUIRE(writer.flush());
    REQUIRE(writer.seal());
  }
  drop_tables(hot_path(folder.path()), {"meta", "journal", "open_lines", "console", "incident"});
  const auto day = day_path(folder.path(), day_of(kNoon));
  Database::create(day).run(
      "INSERT INTO span SELECT con,t0,t1,blk,off,len FROM span_open; DROP VIEW spans");
  drop_tables(day, {"meta", "blk", "span", "console"});
  {
    TranscriptReader reader(folder.path());
    CHECK(texts(found(reader, text_query("widget"))) == Texts{"widget of old"});
    CHECK(reader.boots({}).empty());
  }
  TranscriptWriter writer(folder.path(), {}, clock);
  const BootRow boot{1, kNoon, {}, "crash", ""};
  writer.append({}, {}, {&boot, 1});
  writer.spool_alert({"am1", 1, "body"});
  append(writer, 1, seconds_after(kNoon, 1), "widget of today\n");
  REQUIRE(writer.flush());
  REQUIRE(writer.seal());
  TranscriptReader reader(folder.path());
  CHECK(texts(found(reader, text_query("widget"))) == Texts{"widget of today", "widget of old"});
  CHECK(reader.boots({}).size() == 1);
  CHECK(verify(folder.path(), [](std::uint64_t) {}).problems.empty());
}
