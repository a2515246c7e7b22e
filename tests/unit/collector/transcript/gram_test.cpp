#include <catch2/catch.hpp>
#include <filesystem>
#include <random>

#include "collector/transcript/gram_index.h"
#include "collector/transcript/gram_writer.h"
#include "collector/transcript/schema.h"

using namespace lastgasp;

namespace {

constexpr std::size_t kOpenSets = GramWriter::kOpenSets;

GramSet set_of(const std::string& lines) {
  GramFilter filter;
  filter.add(lines);
  return filter.take();
}

bool may_hold(const GramSet& set, std::string_view text) {
  const auto grams = gram_hashes(text);
  return std::all_of(grams.begin(), grams.end(), [&](GramHash gram) { return set.has(gram); });
}

std::string random_line(std::mt19937& random) {
  std::string line;
  for (int i = 0; i < 60; ++i) line += static_cast<char>('a' + random() % 26);
  return line + "\n";
}

GramQuery query_for(const std::string& text, bool regex, bool ignore_case) {
  return GramQuery({&text, 1}, regex, ignore_case);
}

// A day file of its own, whose index holds `blocks` texts.
class IndexFile {
 public:
  IndexFile()
      : path_(std::filesystem::temp_directory_path() /
              ("lastgasp-gram-" + std::to_string(std::random_device{}()) + ".db")),
        db_(Database::create(path_)) {
    prepare_day(db_);
  }
  ~IndexFile() {
    for (const char* suffix : {"", "-wal", "-shm"})
      std::filesystem::remove(path_.string() + suffix);
  }
  void put(const std::vector<std::string>& blocks) {
    Packer packer;
    Transaction transaction(db_);
    GramWriter writer(db_, packer);
    for (const std::string& block : blocks) writer.put(column(block));
    transaction.commit();
  }
  void put_over(const std::vector<std::string>& blocks) {
    Packer packer;
    std::vector<GramColumn> columns;
    for (const std::string& block : blocks) columns.push_back(column(block));
    write_gram_segments(db_, packer, std::move(columns));
  }
  std::int64_t count(const char* table) {
    Statement select(db_, std::string("SELECT count(*) FROM ") + table);
    select.step();
    return select.integer(0);
  }
  Database& db() { return db_; }

 private:
  GramColumn column(const std::string& block) {
    const WallTime at = from_unix_micros(1000 * next_);
    return {{next_++, at, at + Micros(7)}, set_of(block)};
  }

  std::filesystem::path path_;
  Database db_;
  std::int64_t next_ = 1;
};

}  // namespace

TEST_CASE("every piece of a line is in its set, whatever its letters' case") {
  const std::string lines = "Kernel panic - not syncing: VFS\n10.20.30.40 via eth0\n";
  const GramSet set = set_of(lines);
  CHECK(may_hold(set, "panic"));
  CHECK(may_hold(set, "PANIC - NOT"));
  CHECK(may_hold(set, "0.20.30.40"));
  CHECK(may_hold(set, "abc"));  // too short to tell
  CHECK_FALSE(may_hold(set, "panics"));
  CHECK_FALSE(may_hold(set, "VFS10.20"));  // lines do not run into one another
}

TEST_CASE("a set is as small as its text allows, and stays sparse") {
  std::mt19937 random(7);
  CHECK(set_of("one line\n").bits == kLeastGramBits);
  std::string text;
  int bits = 0;
  for (int n = 0; n < 4000; ++n) {
    text += random_line(random);
    if (n % 500 != 0) continue;
    const GramSet set = set_of(text);
    CHECK(set.bits >= bits);
    bits = set.bits;
    std::size_t ones = 0;
    for (const char c : set.bytes)
      ones += static_cast<std::size_t>(__builtin_popcount(static_cast<unsigned char>(c)));
    CHECK(ones * 100 <= set.bytes.size() * 8 * 30);
  }
  CHECK(bits > 17);
}

TEST_CASE("a filter begins anew after each block") {
  GramFilter filter;
  filter.add("first block\n");
  CHECK(may_hold(filter.take(), "first"));
  filter.add("second one\n");
  CHECK_FALSE(may_hold(filter.take(), "first"));
}

TEST_CASE("an index of open sets and of segments misses no block and rules out most") {
  IndexFile file;
  std::mt19937 random(11);
  std::vector<std::string> blocks;
  for (std::size_t n = 0; n < 2 * kOpenSets + 100; ++n) {
    std::string text;
    for (int line = 0; line < 20; ++line) text += random_line(random);
    text += "needle" + std::to_string(n) + " in block\n";
    blocks.push_back(text);
  }
  file.put(blocks);
  CHECK(file.count("gram_segment") == 2);
  CHECK(file.count("gram_open") == 100);
  for (const std::size_t n : {std::size_t{0}, kOpenSets - 1, kOpenSets, 2 * kOpenSets + 50}) {
    const GramQuery query = query_for("NEEDLE" + std::to_string(n) + " in", false, true);
    GramIndex index(file.db(), query);
    std::size_t candidates = 0;
    for (std::size_t block = 0; block < blocks.size(); ++block) {
      const bool may = index.may_hold(static_cast<std::int64_t>(block + 1));
      candidates += may ? 1 : 0;
      if (block == n) CHECK(may);
    }
    INFO("block " << n);
    CHECK(candidates < 60);
  }
  const GramQuery nowhere = query_for("not to be found", false, false);
  GramIndex index(file.db(), nowhere);
  std::size_t candidates = 0;
  for (std::size_t block = 1; block <= blocks.size(); ++block)
    candidates += index.may_hold(static_cast<std::int64_t>(block)) ? 1 : 0;
  CHECK(candidates == 0);
  CHECK(index.may_hold(99'999));  // nobody indexed it
}

TEST_CASE("a damaged index hides nothing") {
  IndexFile file;
  file.put(std::vector<std::string>(kOpenSets, "some line of text\n"));
  REQUIRE(file.count("gram_part") > 0);
  file.db().run("UPDATE gram_part SET data=x'00'");
  const GramQuery query = query_for("elsewhere", false, false);
  GramIndex index(file.db(), query);
  CHECK(index.may_hold(1));
}

TEST_CASE("a regular expression is narrowed by the pieces it needs") {
  CHECK(query_for("Kernel panic - .* VFS", true, false).pieces().size() >= 1);
  CHECK(query_for("(?:watchdog|lockup) on CPU#\\d+", true, false).narrows());
  CHECK_FALSE(query_for("\\d+ [a-z]*", true, false).narrows());
  CHECK_FALSE(query_for("panic|.*", true, false).narrows());
  CHECK_FALSE(query_for("up", false, false).narrows());
  CHECK_FALSE(query_for("", false, false).narrows());

  IndexFile file;
  file.put({"the watchdog fired on CPU#3\n", "a lockup on CPU#1\n", "quiet on CPU#2\n"});
  const GramQuery query = query_for("(?:watchdog|LOCKUP).* on CPU#\\d", true, true);
  GramIndex index(file.db(), query);
  CHECK(index.may_hold(1));
  CHECK(index.may_hold(2));
  CHECK_FALSE(index.may_hold(3));
}

TEST_CASE("a day that is over has few segments, which tell its blocks and their times") {
  IndexFile file;
  std::mt19937 random(5);
  std::vector<std::string> blocks;
  for (int n = 0; n < 300; ++n) {
    std::string text = "block number " + std::to_string(n) + " of many\n";
    // A few small ones, which join the next size, and two that are far bigger.
    const int lines = n % 50 == 0 ? 1 : n == 77 || n == 78 ? 3000 : 200;
    for (int line = 0; line < lines; ++line) text += random_line(random);
    blocks.push_back(text);
  }
  file.put_over(blocks);
  CHECK(file.count("gram_segment") <= 2);
  CHECK(file.count("gram_open") == 0);
  for (const int n : {0, 1, 50, 76, 77, 78, 299}) {
    const GramQuery query = query_for("NUMBER " + std::to_string(n) + " of many", false, true);
    GramIndex index(file.db(), query);
    bool present = false;
    for (const GramBlock& block : index.candidates()) {
      if (block.id != n + 1) continue;
      present = true;
      CHECK(block.t0 == from_unix_micros(1000 * (n + 1)));
      CHECK(block.t1 == block.t0 + Micros(7));
    }
    INFO("block " << n);
    CHECK(present);
    CHECK(index.may_hold(n + 1));
    CHECK(index.candidates().size() < 30);
  }
}

TEST_CASE("a damaged list of blocks hides none of them") {
  IndexFile file;
  file.put_over({"some line of text\n", "another line\n"});
  file.db().run("UPDATE gram_segment SET blks=x'ffffff'");
  const GramQuery query = query_for("elsewhere", false, false);
  GramIndex index(file.db(), query);
  CHECK(index.may_hold(1));
  CHECK(index.candidates().empty());
}
