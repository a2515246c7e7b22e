// A day file damaged under a running writer: search goes on with the rest and says so, lines are
// stored as before.
#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>

#include "collector/transcript/schema.h"
#include "tests/unit/collector/transcript/small_disk.h"

using namespace lastgasp;
namespace fs = std::filesystem;

namespace {

constexpr std::size_t kPage = 8192;

enum class Damage { cut, zeroed_page, zeroed_header, flipped_bit };

// Of its last block: a day that is over may be packed into one. What the writer has in a WAL goes
// into the file first.
std::size_t offset_of_blob(const fs::path& file) {
  Database::create(file).run("PRAGMA wal_checkpoint(TRUNCATE)");
  Database db = Database::open_read_only(file);
  Statement select(db, "SELECT substr(data, 200, 40) FROM blk ORDER BY id DESC");
  REQUIRE(select.step());
  std::ifstream in(file, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  const std::size_t at = bytes.find(select.bytes(0));
  REQUIRE(at != std::string::npos);
  return at;
}

void overwrite(const fs::path& file, std::size_t at, const std::string& bytes) {
  std::fstream out(file, std::ios::in | std::ios::out | std::ios::binary);
  out.seekp(static_cast<std::streamoff>(at));
  out << bytes;
  REQUIRE(out.good());
}

void damage(const fs::path& file, Damage how) {
  const std::size_t blob = offset_of_blob(file);
  switch (how) {
    case Damage::cut:
      return fs::resize_file(file, fs::file_size(file) * 2 / 3);
    case Damage::zeroed_page:
      return overwrite(file, blob / kPage * kPage, std::string(kPage, '\0'));
    case Damage::zeroed_header:
      return overwrite(file, 0, std::string(kPage, '\0'));
    case Damage::flipped_bit:
      return overwrite(file, blob + 1, "\xa5\x5a");
  }
}

}  // namespace

TEST_CASE("a day file damaged under a running writer costs its blocks and nothing else") {
  const Damage how =
      GENERATE(Damage::cut, Damage::zeroed_page, Damage::zeroed_header, Damage::flipped_bit);
  const int days_ago = GENERATE(1, 0);
  CAPTURE(static_cast<int>(how), days_ago);
  TempFolder folder;
  HandClock clock;
  TranscriptWriter writer(folder.path(), {}, clock);
  const ConsoleId id = writer.console_id("r1", "");
  for (int day = 2; day >= 0; --day) {
    for (int block = 0; block < 4; ++block) {
      const WallTime at = kNoon - day * std::chrono::hours(24) + std::chrono::minutes(block);
      append(writer, id, at, "widget begins\n" + noisy_lines(40'000, 1) + "widget ends\n");
      REQUIRE(writer.flush());
      REQUIRE(writer.seal());
    }
  }
  TranscriptReader reader(folder.path());
  REQUIRE(found(reader, text_query("widget")).size() == 24);
  damage(day_path(folder.path(), day_of(kNoon) - days_ago), how);

  SearchEnd end;
  const std::size_t left = found(reader, text_query("widget"), &end).size();
  CHECK(end.complete);
  CHECK(end.damaged_blocks > 0);
  CHECK(left >= 16);
  CHECK(left < 24);

  append(writer, id, kNoon + std::chrono::hours(1), "widget after\n");
  CHECK(writer.flush());
  // Sealing needs the file of today whole; without it lines stay where they are.
  const bool sealed = writer.seal();
  if (days_ago > 0) CHECK(sealed);
  append(writer, id, kNoon + std::chrono::hours(2), "widget again\n");
  CHECK(writer.flush());
  CHECK(texts(found(reader, text_query("widget a"))) == Texts{"widget again", "widget after"});
  CHECK(found(reader, text_query("widget")).size() == left + 2);
  CHECK(writer.stats().commit_failures == 0);
}
