#include <algorithm>
#include <catch2/catch.hpp>
#include <optional>

#include "collector/transcript/day_reader.h"
#include "collector/transcript/day_repack.h"
#include "collector/transcript/record_codec.h"
#include "collector/transcript/sqlite.h"
#include "collector/transcript/verify.h"
#include "transcript_fixture.h"

using namespace lastgasp;

namespace {

const auto kDayLength = std::chrono::hours(24);

// What readers see of a folder: every way of reading it.
struct Seen {
  std::vector<std::string> raw;
  std::vector<Texts> lines;
};

void check_same(const Seen& now, const Seen& before) {
  CHECK(now.raw == before.raw);
  REQUIRE(now.lines.size() == before.lines.size());
  for (std::size_t i = 0; i < now.lines.size(); ++i) {
    INFO("way " << i);
    CHECK(now.lines[i] == before.lines[i]);
  }
}

std::string shown(const FoundLine& line) {
  return to_text(line.id()) + (line.hit ? " + " : " - ") + line.text;
}

Seen see(const std::filesystem::path& folder) {
  TranscriptReader reader(folder);
  Seen seen;
  for (const char* console : {"a", "b", "c"}) {
    seen.raw.push_back(raw_of(reader, console));
    Texts tail;
    for (const FoundLine& line : reader.tail(console, 10000)) tail.push_back(shown(line));
    seen.lines.push_back(tail);
  }
  for (const char* text : {"", "link", "a 17 ", "panic"}) {
    for (const bool newest_first : {false, true}) {
      Query query = text_query(text);
      query.newest_first = newest_first;
      query.limit = 10000;
      query.before = query.after = *text ? 2 : 0;
      Texts found_lines;
      for (const FoundLine& line : found(reader, query)) found_lines.push_back(shown(line));
      // With context, lines of one console in one block come together.
      if (*text) std::sort(found_lines.begin(), found_lines.end());
      seen.lines.push_back(found_lines);
    }
  }
  return seen;
}

bool is_packed(const std::filesystem::path& folder, WallTime at) {
  Database db = Database::open_read_only(day_path(folder, day_of(at)));
  const Meta meta = read_meta(db);
  return meta.packed_seq == meta.sealed_seq;
}

std::size_t blocks_of(const std::filesystem::path& folder, WallTime at) {
  return DayReader::open(folder, day_of(at))->blocks(nullptr, {}).size();
}

// A day in many steps of sealing, with lines that were ended by force, and one line of the day
// after, without which no day is over.
class Days {
 public:
  Days() : writer_(std::in_place, folder_.path(), StorageLimits{}, clock_) {
    for (const char* name : {"a", "b", "c"}) ids_.push_back(writer_->console_id(name, ""));
    for (int step = 0; step < 30; ++step) {
      for (const ConsoleId id : ids_) {
        put(id,
            "link " + std::to_string(id) + " " + std::to_string(step) + " up\r\nkernel: ok\r\n");
      }
      if (step == 10) put(ids_[0], std::string(70'000, 'x') + "login: ");
      if (step == 12)
        append(*writer_, ids_[1], clock_.now().wall, "lost", RecordKind::disconnected);
      if (step == 20) put(ids_[0], "panic\r\n");
      clock_.advance(std::chrono::minutes(7));
      REQUIRE(writer_->flush());
      REQUIRE(writer_->seal());
    }
  }
  void next_day() {
    clock_.advance(kDayLength);
    put(ids_[0], "next day\r\n");
    REQUIRE(writer_->flush());
  }
  void put(ConsoleId id, const std::string& bytes) {
    append(*writer_, id, clock_.now().wall, bytes);
  }
  void seal() { REQUIRE(writer_->seal()); }
  const std::filesystem::path& path() const { return folder_.path(); }
  TranscriptWriter& writer() { return *writer_; }
  HandClock& clock() { return clock_; }
  ConsoleId a() const { return ids_[0]; }

 private:
  TempFolder folder_;
  HandClock clock_;
  std::optional<TranscriptWriter> writer_;
  std::vector<ConsoleId> ids_;
};

}  // namespace

TEST_CASE("a day that is over is packed anew, and reads as before") {
  Days days;
  days.next_day();
  CHECK_FALSE(is_packed(days.path(), kNoon));
  const std::size_t blocks = blocks_of(days.path(), kNoon);
  const Seen before = see(days.path());
  REQUIRE(before.lines.size() > 5);
  days.seal();
  REQUIRE(is_packed(days.path(), kNoon));
  CHECK(blocks_of(days.path(), kNoon) < blocks / 5);
  check_same(see(days.path()), before);
  CHECK(verify(days.path(), [](std::uint64_t) {}).problems.empty());
}

TEST_CASE("lines that come late to a packed day are found, and the day is packed again") {
  Days days;
  days.next_day();
  days.seal();
  REQUIRE(is_packed(days.path(), kNoon));
  append(days.writer(), days.a(), seconds_after(kNoon, 60), "from the past\r\n");
  REQUIRE(days.writer().flush());
  const Seen before = see(days.path());
  days.seal();
  CHECK(is_packed(days.path(), kNoon));
  check_same(see(days.path()), before);
  TranscriptReader reader(days.path());
  CHECK(found(reader, text_query("from the past")).size() == 1);
}

TEST_CASE("a damaged day is not packed: what is left of it stays for repair") {
  Days days;
  days.next_day();
  {
    Database db = Database::create(day_path(days.path(), day_of(kNoon)));
    db.run("UPDATE blk SET data=x'00' WHERE id=3");
  }
  const Seen before = see(days.path());
  days.seal();
  CHECK_FALSE(is_packed(days.path(), kNoon));
  check_same(see(days.path()), before);
}

TEST_CASE("a reader in the middle of a day that is packed goes on with what it had") {
  Days days;
  days.next_day();
  const auto reader = DayReader::open(days.path(), day_of(kNoon));
  const auto blocks = reader->blocks(nullptr, {});
  days.seal();
  LoadedBlock block;
  for (const BlockRef& ref : blocks) CHECK(reader->load(ref.id, block));
}

TEST_CASE("what a packing left behind when it was killed does no harm") {
  Days days;
  days.next_day();
  const std::filesystem::path rest = day_path(days.path(), day_of(kNoon)).string() + "-packed";
  Database::create(rest).run("CREATE TABLE blk(id)");
  const Seen before = see(days.path());
  days.seal();
  CHECK(is_packed(days.path(), kNoon));
  check_same(see(days.path()), before);
  CHECK_FALSE(std::filesystem::exists(rest));
}

TEST_CASE("a packing gives way to lines that come late, and begins anew") {
  Days days;
  days.next_day();
  const std::filesystem::path day = day_path(days.path(), day_of(kNoon));
  const std::filesystem::path half = day.string() + "-packed";
  const Seen before = see(days.path());
  const WallTime now = days.clock().now().wall;
  // As if what is in the journal were of no day yet.
  DayRepack repack(days.path());
  std::filesystem::copy_file(day, day_path(days.path(), day_of(now)));
  REQUIRE(repack.step(now));
  CHECK(std::filesystem::exists(half));
  repack.written(day_of(kNoon));
  CHECK_FALSE(std::filesystem::exists(half));
  CHECK_FALSE(is_packed(days.path(), kNoon));
  while (repack.step(now)) {
  }
  std::filesystem::remove(day_path(days.path(), day_of(now)));
  CHECK(is_packed(days.path(), kNoon));
  check_same(see(days.path()), before);
}

TEST_CASE("a day that is removed while it is packed stays removed") {
  Days days;
  days.next_day();
  const std::filesystem::path day = day_path(days.path(), day_of(kNoon));
  const WallTime now = days.clock().now().wall;
  std::filesystem::copy_file(day, day_path(days.path(), day_of(now)));
  DayRepack repack(days.path());
  REQUIRE(repack.step(now));
  std::filesystem::remove(day);
  while (repack.step(now)) {
  }
  CHECK_FALSE(std::filesystem::exists(day));
  CHECK_FALSE(std::filesystem::exists(day.string() + "-packed"));
}

TEST_CASE("a packed block says that it is plain only when it is, which is verified") {
  Days days;
  days.put(days.a(), "\x1b[31mred\x1b[0m\r\n");
  days.next_day();
  days.seal();
  const std::filesystem::path day = day_path(days.path(), day_of(kNoon));
  const auto marks = [&] {
    Database db = Database::open_read_only(day);
    Statement select(db, "SELECT data FROM blk");
    std::vector<bool> marked;
    while (select.step()) marked.push_back(is_marked_plain(select.bytes(0)));
    return marked;
  };
  CHECK(marks() == std::vector<bool>{false});
  CHECK(verify(days.path(), [](std::uint64_t) {}).problems.empty());

  std::string data;
  {
    Database db = Database::open_read_only(day);
    Statement select(db, "SELECT data FROM blk");
    REQUIRE(select.step());
    data = std::string("\x50\x2a\x4d\x18\0\0\0\0", 8) + std::string(select.bytes(0));
  }
  Database db = Database::create(day);
  Statement(db, "UPDATE blk SET data=?,crc=?").bind_blob(1, data).bind(2, checksum(data)).run();
  CHECK(marks() == std::vector<bool>{true});
  const auto problems = verify(days.path(), [](std::uint64_t) {}).problems;
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].what.find("plain") != std::string::npos);
}
