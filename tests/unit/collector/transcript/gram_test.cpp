#include <catch2/catch.hpp>
#include <filesystem>
#include <random>
#include <set>
#include <sstream>

#include "collector/transcript/gram_index.h"
#include "collector/transcript/gram_writer.h"
#include "collector/transcript/schema.h"

using namespace lastgasp;

namespace {

constexpr auto kOpenSets = static_cast<std::size_t>(GramWriter::kOpenSets);

GramSet set_of(const std::string& lines) {
  GramFilter filter;
  std::istringstream in(lines);
  for (std::string line; std::getline(in, line);) filter.add(line);
  return filter.take();
}

bool has_all(const GramSet& set, const std::vector<GramHash>& grams) {
  return std::all_of(grams.begin(), grams.end(), [&](GramHash gram) { return set.has(gram); });
}
bool may_hold(const GramSet& set, std::string_view text) { return has_all(set, gram_hashes(text)); }

std::string random_line(std::mt19937& random) {
  std::string line;
  for (int i = 0; i < 60; ++i) line += static_cast<char>('a' + random() % 26);
  return line + "\n";
}

GramQuery query_for(const std::string& text, bool regex, bool ignore_case) {
  return GramQuery({&text, 1}, regex, ignore_case);
}

// Texts of which each has one word of its own.
std::vector<std::string> texts_with_needles(std::size_t count, int lines = 20) {
  std::mt19937 random(11);
  std::vector<std::string> texts;
  for (std::size_t n = 0; n < count; ++n) {
    std::string text;
    for (int line = 0; line < lines; ++line) text += random_line(random);
    texts.push_back(text + "needle" + std::to_string(n) + " in block\n");
  }
  return texts;
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
    Transaction transaction(db_);
    GramWriter writer(db_);
    for (const std::string& block : blocks) writer.put(next_block(), set_of(block));
    transaction.commit();
  }
  // As a day that is over has it.
  void put_over(const std::vector<std::string>& blocks) {
    Packer packer(PackLevel::fast);
    std::vector<GramColumn> columns;
    for (const std::string& block : blocks) columns.push_back({next_block(), set_of(block)});
    write_gram_segment(db_, &packer, columns);
  }
  std::int64_t count(const char* table) {
    Statement select(db_, std::string("SELECT count(*) FROM ") + table);
    select.step();
    return select.integer(0);
  }
  Database& db() { return db_; }

 private:
  GramBlock next_block() {
    const WallTime at = from_unix_micros(1000 * next_);
    Statement(db_, "INSERT INTO blk(id) VALUES(?)").bind(1, next_).run();
    return {next_++, at, at + Micros(7)};
  }

  std::filesystem::path path_;
  Database db_;
  std::int64_t next_ = 1;
};

// How many blocks may hold `text`; block `n` must be among them.
std::size_t candidates_with(IndexFile& file, const std::string& text, std::int64_t block) {
  const GramQuery query = query_for(text, false, true);
  const GramIndex index(file.db(), query);
  INFO(text);
  CHECK(index.may_hold(block));
  CHECK(std::any_of(index.candidates().begin(), index.candidates().end(),
                    [&](const GramBlock& b) { return b.id == block; }));
  return index.candidates().size();
}

}  // namespace

TEST_CASE("the grams of a text are those that the format describes, byte by byte") {
  const auto described = [](std::string text) {
    for (char& c : text)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    std::set<GramHash> hashes;
    for (std::size_t at = 0; at + 5 <= text.size(); ++at) {
      std::uint64_t gram = 0;
      for (std::size_t i = 0; i < 5; ++i)
        gram = gram * 256 + static_cast<unsigned char>(text[at + i]);
      hashes.insert(static_cast<GramHash>((gram * 0x9E3779B97F4A7C15ULL) >> 48U));
    }
    return std::vector<GramHash>(hashes.begin(), hashes.end());
  };
  std::mt19937 random(3);
  GramFilter filter;
  for (std::size_t length = 0; length < 200; ++length) {
    std::string text;
    while (text.size() < length)
      text += static_cast<char>(length % 2 ? random() : '?' + random() % 63);
    const std::vector<GramHash> hashes = described(text);
    CHECK(gram_hashes(text) == hashes);
    filter.add(text);
    std::string set(kGramSetBytes, '\0');
    for (const GramHash gram : hashes)
      set[gram / 8] = static_cast<char>(static_cast<unsigned char>(set[gram / 8]) | 1U << gram % 8);
    CHECK((filter.take().bytes == set));
  }
}

TEST_CASE("number grams are eight bytes that begin with a dot, all of numbers") {
  const auto gram = [](const char(&eight)[9]) {
    std::uint64_t number = 0;
    for (int i = 0; i < 8; ++i) number = number * 256 + static_cast<unsigned char>(eight[i]);
    return static_cast<GramHash>((number * 0x9E3779B97F4A7C15ULL) >> 48U);
  };
  std::vector<GramHash> both{gram(".0.113.1"), gram(".113.177")};
  std::sort(both.begin(), both.end());
  CHECK(number_gram_hashes("203.0.113.177") == both);
  CHECK(number_gram_hashes("from 203.0.113.177 to 203.0.113.177, .113.177") == both);
  CHECK(number_gram_hashes("net 10.0.0.100/24") == std::vector<GramHash>{gram(".0.0.100")});
  for (const char* none :
       {"", ".", "203.0.11", "10.1.2.3", "10.1.2.3 is up", "10.0.0.0/24", "no.number.here",
        "-.12345-7", ".123456:", ".12345\xb9\xb0", ".\xae\xb0\xb0.000"})
    CHECK(number_gram_hashes(none).empty());
}

TEST_CASE("the number grams of a line are in its set, unless it is made without") {
  const std::string line = "down: 203.0.113.177 (eth0), 192.0.2.201:179, 10.20.30.40/24";
  GramFilter with, without(false);
  for (const std::string& text : {line, std::string("\x1b[1m") + line + "\x1b[m"}) {
    with.add(text);
    without.add(text);
    CHECK(has_all(with.take(), number_gram_hashes(line)));
    CHECK_FALSE(has_all(without.take(), number_gram_hashes(line)));
  }
}

TEST_CASE("number grams tell addresses apart where the file has them, and only there") {
  IndexFile file;
  // Both have every gram of 10.77.123.245, only the first the address.
  file.put({"10.77.123.245 is up\n", "10.77.123.1 and 10.77.1.123.24 and 77.1.23.245 are\n"});
  const GramQuery query = query_for("77.123.245", false, false);
  const Meta meta = read_meta(file.db());
  CHECK(meta.has_number_grams());
  const GramIndex index(file.db(), query, meta);
  CHECK(index.may_hold(1));
  CHECK_FALSE(index.may_hold(2));

  // A version that did not know them has written last.
  write_meta(file.db(), "sealed_seq", 7);
  const Meta earlier = read_meta(file.db());
  CHECK_FALSE(earlier.has_number_grams());
  const GramIndex all(file.db(), query, earlier);
  CHECK(all.may_hold(1));
  CHECK(all.may_hold(2));
}

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

TEST_CASE("a filter says when its set is full, at 30 of 100 bits") {
  std::mt19937 random(7);
  GramFilter filter;
  std::size_t lines = 0;
  for (; !filter.full(); ++lines) filter.add(random_line(random));
  const GramSet set = filter.take();
  std::size_t ones = 0;
  for (const char c : set.bytes)
    ones += static_cast<std::size_t>(__builtin_popcount(static_cast<unsigned char>(c)));
  CHECK(ones * 100 > set.bytes.size() * 8 * 30);
  CHECK(ones * 100 < set.bytes.size() * 8 * 32);
  CHECK(lines > 300);
  CHECK_FALSE(filter.full());
  for (int n = 0; n < 100000; ++n) filter.add("the same line over and over fills nothing");
  CHECK_FALSE(filter.full());
}

TEST_CASE("a filter begins anew after each block") {
  GramFilter filter;
  filter.add("first block");
  CHECK(may_hold(filter.take(), "first"));
  filter.add("second one");
  CHECK_FALSE(may_hold(filter.take(), "first"));
}

TEST_CASE("an index of open sets and of segments misses no block and rules out most") {
  IndexFile file;
  const auto blocks = texts_with_needles(2 * kOpenSets + 100);
  file.put(blocks);
  CHECK(file.count("gram_columns") == 2);
  CHECK(file.count("gram_set") == 100);
  for (const std::size_t n : {std::size_t{0}, kOpenSets - 1, kOpenSets, 2 * kOpenSets + 50}) {
    CHECK(candidates_with(file, "NEEDLE" + std::to_string(n) + " in",
                          static_cast<std::int64_t>(n) + 1) < 20);
  }
  const GramQuery nowhere = query_for("not to be found", false, false);
  const GramIndex index(file.db(), nowhere);
  CHECK(index.covers_file());
  CHECK(index.candidates().empty());
  CHECK_FALSE(index.may_hold(1));
}

TEST_CASE("small segments become large ones, and rule out the same blocks") {
  IndexFile file;
  const std::size_t count = 32 * kOpenSets + 3 * kOpenSets + 7;
  const auto blocks = texts_with_needles(count, 2);
  file.put(blocks);
  CHECK(file.count("gram_columns") == 4);  // one of 4,096 blocks and three of 128
  Statement largest(file.db(), "SELECT max(n) FROM gram_columns");
  largest.step();
  CHECK(largest.integer(0) == static_cast<std::int64_t>(kMostGramColumns));
  for (const std::size_t n : {std::size_t{0}, kOpenSets, 9 * kOpenSets + 77, count - 1}) {
    CHECK(candidates_with(file, "NEEDLE" + std::to_string(n) + " in",
                          static_cast<std::int64_t>(n) + 1) < 20);
  }
}

TEST_CASE("segments with a damaged list stay by themselves") {
  IndexFile file;
  file.put(texts_with_needles(16 * kOpenSets));
  file.db().run("UPDATE gram_columns SET blks=x'ffff' WHERE id=2");
  file.put(texts_with_needles(16 * kOpenSets));
  CHECK(file.count("gram_columns") == 32);
  const GramQuery everywhere = query_for(" in block", false, false);
  const GramIndex index(file.db(), everywhere);
  CHECK_FALSE(index.covers_file());
  CHECK(index.candidates().size() == 31 * kOpenSets);
  CHECK(index.may_hold(static_cast<std::int64_t>(kOpenSets) + 1));  // of the damaged one
  const GramQuery nowhere = query_for("not to be found", false, false);
  CHECK_FALSE(GramIndex(file.db(), nowhere).may_hold(static_cast<std::int64_t>(kOpenSets) + 1));
}

TEST_CASE("a block that nobody indexed may hold anything") {
  IndexFile file;
  file.put({"some line of text\n"});
  file.db().run("INSERT INTO blk(id) VALUES(2)");
  const GramQuery query = query_for("elsewhere", false, false);
  const GramIndex index(file.db(), query);
  CHECK_FALSE(index.covers_file());
  CHECK_FALSE(index.may_hold(1));
  CHECK(index.may_hold(2));
}

TEST_CASE("a damaged index hides nothing") {
  IndexFile file;
  SECTION("rows of a day that goes on") { file.put(std::vector<std::string>(kOpenSets, "text\n")); }
  SECTION("rows of a day that is over") { file.put_over({"some line\n", "another line\n"}); }
  REQUIRE(file.count("gram_rows") > 0);
  file.db().run("UPDATE gram_rows SET data=x'00'");
  const GramQuery query = query_for("elsewhere", false, false);
  const GramIndex index(file.db(), query);
  CHECK(index.may_hold(1));
}

TEST_CASE("a damaged set hides nothing") {
  IndexFile file;
  file.put({"some line of text\n", "another\n"});
  file.db().run("UPDATE gram_set SET data=zeroblob(8192) WHERE blk=1");
  const GramQuery query = query_for("elsewhere", false, false);
  const GramIndex index(file.db(), query);
  CHECK(index.may_hold(1));
  CHECK_FALSE(index.may_hold(2));
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
  const GramIndex index(file.db(), query);
  CHECK(index.may_hold(1));
  CHECK(index.may_hold(2));
  CHECK_FALSE(index.may_hold(3));
}

TEST_CASE("a segment tells its blocks and their times") {
  IndexFile file;
  file.put_over(texts_with_needles(300));
  CHECK(file.count("gram_columns") == 1);
  for (const int n : {0, 1, 50, 299}) {
    const GramQuery query = query_for("NEEDLE" + std::to_string(n) + " in", false, true);
    const GramIndex index(file.db(), query);
    const auto block = std::find_if(index.candidates().begin(), index.candidates().end(),
                                    [&](const GramBlock& b) { return b.id == n + 1; });
    INFO("block " << n);
    REQUIRE(block != index.candidates().end());
    CHECK(block->t0 == from_unix_micros(1000 * (n + 1)));
    CHECK(block->t1 == block->t0 + Micros(7));
    CHECK(index.candidates().size() < 20);
  }
}

TEST_CASE("the sets of a segment can be put together again") {
  IndexFile file;
  const auto blocks = texts_with_needles(150);
  file.put_over(blocks);
  const std::vector<GramSegment> segments = GramSegment::all(file.db());
  REQUIRE(segments.size() == 1);
  std::vector<GramSet> sets;
  CHECK(segments[0].read_sets(file.db(), sets) == 0);
  REQUIRE(sets.size() == blocks.size());
  for (std::size_t i = 0; i < sets.size(); ++i) CHECK(sets[i].bytes == set_of(blocks[i]).bytes);
  file.db().run("UPDATE gram_rows SET data=x'00' WHERE id=(SELECT min(id) FROM gram_rows)");
  CHECK(segments[0].read_sets(file.db(), sets) > 0);
}
