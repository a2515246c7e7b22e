// What earlier versions wrote stays readable, can be written on in, and is brought up to date
// when its days are packed.
#include <catch2/catch.hpp>

#include "collector/transcript/day_reader.h"
#include "collector/transcript/schema.h"
#include "collector/transcript/sqlite.h"
#include "collector/transcript/verify.h"
#include "tests/unit/collector/transcript/transcript_fixture.h"

using namespace lastgasp;

namespace {

const WallTime kThatDay{std::chrono::sys_days(std::chrono::year(2026) / 6 / 1)};

class OldFolder {
 public:
  explicit OldFolder(const std::string& name = "format-1") {
    std::filesystem::copy(LASTGASP_TEST_DATA "/" + name, folder_.path(),
                          std::filesystem::copy_options::recursive);
  }
  const std::filesystem::path& path() const { return folder_.path(); }
  Meta meta_of_day() const {
    Database db = Database::open_read_only(day_path(path(), day_of(kThatDay)));
    return read_meta(db);
  }

 private:
  TempFolder folder_;
};

std::size_t hits(const std::filesystem::path& folder, const std::string& text, bool regex = false) {
  TranscriptReader reader(folder);
  Query query = text_query(text);
  query.regex = regex;
  query.limit = 100'000;
  return found(reader, query).size();
}

void check_everything_there(const std::filesystem::path& folder) {
  CHECK(hits(folder, "rchestrat") == 442);
  CHECK(hits(folder, "203.0.113.177") == 2);
  CHECK(hits(folder, "fan tray [0-9] (failed|stalled) at [0-9]+ rpm", true) == 17);
  CHECK(hits(folder, "no such thing was ever printed") == 0);
  for (const Problem& problem : verify(folder, [](std::uint64_t) {}).problems)
    FAIL_CHECK(problem.table << " " << problem.row << ": " << problem.what);
}

}  // namespace

TEST_CASE("transcripts of format 1 are read and found sound") {
  const OldFolder old;
  CHECK(old.meta_of_day().format == 1);
  check_everything_there(old.path());
  TranscriptReader reader(old.path());
  CHECK(reader.consoles().size() == 2);
}

TEST_CASE("transcripts of format 1 are written on, and their days are packed") {
  const OldFolder old;
  HandClock clock(kThatDay + std::chrono::hours(23));
  TranscriptWriter writer(old.path(), {}, clock);
  const ConsoleId id = writer.console_id(TranscriptReader(old.path()).consoles().front().name, "");
  append(writer, id, clock.now().wall, "printed by this version\n");
  REQUIRE(writer.flush());
  REQUIRE(writer.seal());
  CHECK(old.meta_of_day().format == kFormat);
  CHECK_FALSE(old.meta_of_day().has_number_grams());
  check_everything_there(old.path());
  CHECK(hits(old.path(), "printed by this version") == 1);

  clock.advance(std::chrono::hours(25));
  append(writer, id, clock.now().wall, "a day later\n");
  REQUIRE(writer.flush());
  REQUIRE(writer.seal());
  CHECK(old.meta_of_day().packed());
  CHECK(old.meta_of_day().has_number_grams());
  check_everything_there(old.path());
  CHECK(hits(old.path(), "printed by this version") == 1);
}

TEST_CASE("a day that was packed under format 1 hides nothing, and is packed again") {
  const OldFolder old;
  const std::filesystem::path day = day_path(old.path(), day_of(kThatDay));
  Database::create(day).run("INSERT INTO meta VALUES('packed_seq', 10)");
  REQUIRE(old.meta_of_day().packed());
  check_everything_there(old.path());
  {
    // The tables of today, but nothing in them.
    Database db = Database::create(day);
    prepare_day(db);
  }
  check_everything_there(old.path());
  Database::create(day).run("UPDATE meta SET v=1 WHERE k='format'");

  HandClock clock(kThatDay + std::chrono::hours(49));
  TranscriptWriter writer(old.path(), {}, clock);
  const ConsoleId id = writer.console_id(TranscriptReader(old.path()).consoles().front().name, "");
  append(writer, id, clock.now().wall, "a day later\n");
  REQUIRE(writer.flush());
  REQUIRE(writer.seal());
  CHECK(old.meta_of_day().packed());
  CHECK(old.meta_of_day().format == kFormat);
  Database db = Database::open_read_only(day);
  Statement indexed(db, "SELECT sum(n) FROM gram_columns");
  REQUIRE(indexed.step());
  CHECK(indexed.integer(0) > 0);
  check_everything_there(old.path());
}

TEST_CASE("transcripts of format 2 are read, found sound and written on; a packed day stays so") {
  const OldFolder old("format-2");
  REQUIRE(old.meta_of_day().format == 2);
  REQUIRE(old.meta_of_day().packed());
  const auto check_there = [&](std::size_t more) {
    CHECK(hits(old.path(), "rchestrat") == 1483);
    CHECK(hits(old.path(), "203.0.113.177") == 8);
    CHECK(hits(old.path(), "no such thing was ever printed") == 0);
    CHECK(hits(old.path(), "printed by this version") == more);
    for (const Problem& problem : verify(old.path(), [](std::uint64_t) {}).problems)
      FAIL_CHECK(problem.table << " " << problem.row << ": " << problem.what);
  };
  check_there(0);

  HandClock clock(kThatDay + std::chrono::hours(47));
  TranscriptWriter writer(old.path(), {}, clock);
  const ConsoleId id = writer.console_id(TranscriptReader(old.path()).consoles().front().name, "");
  append(writer, id, clock.now().wall, "printed by this version\n");
  clock.advance(kDay);
  append(writer, id, clock.now().wall, "printed by this version\n");
  REQUIRE(writer.flush());
  REQUIRE(writer.seal());
  CHECK(old.meta_of_day().format == 2);
  CHECK_FALSE(old.meta_of_day().has_number_grams());
  Database second = Database::open_read_only(day_path(old.path(), day_of(kThatDay) + 1));
  CHECK(read_meta(second).format == kFormat);
  CHECK(read_meta(second).packed());
  CHECK(read_meta(second).has_number_grams());
  check_there(2);
}
