// Real damage to real files: it is found, search works around it, and repair saves the rest and
// says what is gone.
#include "collector/transcript/repair.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

#include "collector/transcript/gram_index.h"
#include "collector/transcript/schema.h"
#include "collector/transcript/sqlite.h"
#include "tests/unit/collector/transcript/transcript_fixture.h"

using namespace lastgasp;
namespace fs = std::filesystem;

namespace {

constexpr int kBlocks = 12;
constexpr std::size_t kPageBytes = 8192;

std::string content_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write(const fs::path& file, std::string_view bytes) {
  std::ofstream(file, std::ios::binary) << bytes;
}

void flip_bit(const fs::path& file, std::size_t at) {
  std::string bytes = content_of(file);
  REQUIRE(at < bytes.size());
  bytes[at] = static_cast<char>(bytes[at] ^ 4);
  write(file, bytes);
}

// Lines that compress badly, so that a block has many pages, and have few grams, so that it is one.
std::string lines_of_block(int step) {
  std::string text;
  std::uint64_t state = static_cast<std::uint64_t>(step) + 1;
  for (int i = 0; i < 500; ++i) {
    text += "step " + std::to_string(step) + " line " + std::to_string(i) + " ";
    for (int k = 0; k < 8; ++k) {
      state = state * 6364136223846793005u + 1442695040888963407u;
      for (int bit = 32; bit < 64; ++bit) text += (state >> bit & 1) != 0 ? '1' : '0';
    }
    text += '\n';
  }
  return text;
}

// Two consoles, a block for each of kBlocks, everything sealed.
void fill(const fs::path& folder) {
  HandClock clock;
  TranscriptWriter writer(folder, {}, clock);
  const ConsoleId a = writer.console_id("core1", "tcp://a"), b = writer.console_id("core2", "");
  for (int step = 0; step < kBlocks; ++step) {
    append(writer, a, seconds_after(kNoon, step), lines_of_block(step));
    append(writer, b, seconds_after(kNoon, step), "other " + std::to_string(step) + "\n");
    REQUIRE(writer.flush());
    REQUIRE(writer.seal());
  }
}

std::vector<Problem> problems_of(const fs::path& path) {
  return verify(path, [](std::uint64_t) {}).problems;
}

std::vector<RepairedFile> repaired(const fs::path& path, std::optional<fs::path> into = {}) {
  return repair(path, into, [](std::uint64_t) {});
}

// The steps of which every line is there; REQUIREs that there is nothing else.
std::set<int> whole_steps(const fs::path& folder) {
  TranscriptReader reader(folder);
  const std::string raw = raw_of(reader, "core1");
  std::set<int> steps;
  std::string expected;
  for (int step = 0; step < kBlocks; ++step) {
    if (raw.find("step " + std::to_string(step) + " line") == std::string::npos) continue;
    steps.insert(step);
    expected += lines_of_block(step);
  }
  REQUIRE(raw == expected);
  return steps;
}

std::size_t blocks_lost(const std::vector<RepairedFile>& files) {
  REQUIRE(files.size() == 1);
  return files[0].salvaged.losses.size();
}

}  // namespace

TEST_CASE("a sound folder has no problems and nothing to repair") {
  TempFolder folder;
  fill(folder.path());
  const Verified verified = verify(folder.path(), [](std::uint64_t) {});
  CHECK(verified.problems.empty());
  CHECK(verified.blocks == kBlocks);
  CHECK(repaired(folder.path()).empty());
}

TEST_CASE("a flipped bit in a block costs that block, told with its consoles and times") {
  TempFolder folder;
  fill(folder.path());
  const fs::path day = day_path(folder.path(), day_of(kNoon));
  std::string needle;
  {
    Database db = Database::open_read_only(day);
    Statement select(db, "SELECT substr(data, 100, 40) FROM blk WHERE id=5");
    REQUIRE(select.step());
    needle = select.text(0);
  }
  const std::string bytes = content_of(day);
  const std::string original = bytes;
  flip_bit(day, bytes.find(needle));
  const auto problems = problems_of(folder.path());
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].table == "blk");
  CHECK(problems[0].row == 5);
  CHECK(whole_steps(folder.path()).size() == kBlocks - 1);

  const std::string damaged = content_of(day);
  const auto files = repaired(folder.path());
  REQUIRE(blocks_lost(files) == 1);
  const Loss& loss = files[0].salvaged.losses[0];
  CHECK(loss.what == "block 5");
  CHECK(loss.consoles == std::set<std::string>{"core1", "core2"});
  CHECK(loss.t0 == seconds_after(kNoon, 4));
  CHECK(loss.raw_bytes > lines_of_block(4).size());
  CHECK(content_of(files[0].original) == damaged);
  CHECK(files[0].original == day.string() + ".damaged");
  CHECK(problems_of(folder.path()).empty());
  std::set<int> all_but_one;
  for (int step = 0; step < kBlocks; ++step)
    if (step != 4) all_but_one.insert(step);
  CHECK(whole_steps(folder.path()) == all_but_one);
  TranscriptReader reader(folder.path());
  CHECK(found(reader, text_query("step 3 line 400 ")).size() == 1);
}

TEST_CASE("a gram index that lies is found out, and made anew") {
  TempFolder folder;
  fill(folder.path());
  const fs::path day = day_path(folder.path(), day_of(kNoon));
  std::string expected;
  SECTION("a set lacks a gram") {
    // With the right checksum: as if it had been written so.
    Database db = Database::create(day);
    Statement select(db, "SELECT data FROM gram_set WHERE blk=3");
    REQUIRE(select.step());
    std::string set = select.text(0);
    for (const GramHash gram : gram_hashes("line 400")) set[gram / 8] = 0;
    select.reset();
    Statement put(db, "UPDATE gram_set SET crc=?,data=? WHERE blk=3");
    put.bind(1, checksum(set)).bind_blob(2, set).run();
    expected = "the gram index lacks some of its text: searches may miss it";
  }
  SECTION("a set is damaged") {
    Database::create(day).run("UPDATE gram_set SET data=zeroblob(8192) WHERE blk=3");
    expected = "its checksum is wrong";
  }
  const auto problems = problems_of(folder.path());
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].row == 3);
  CHECK(problems[0].what == expected);
  REQUIRE(repaired(folder.path()).size() == 1);
  CHECK(problems_of(folder.path()).empty());
  Database db = Database::open_read_only(day);
  const std::string text = "step 3 line 400 ";
  const GramQuery query({&text, 1}, false, false);
  const GramIndex index(db, query);
  CHECK(index.covers_file());
  CHECK(index.candidates().size() < kBlocks);
  TranscriptReader reader(folder.path());
  CHECK(found(reader, text_query(text)).size() == 1);
}

TEST_CASE("any zeroed page costs at most the blocks on it") {
  TempFolder folder;
  fill(folder.path());
  const fs::path day = day_path(folder.path(), day_of(kNoon));
  const std::string sound = content_of(day);
  const std::size_t pages = sound.size() / kPageBytes;
  REQUIRE(pages > 60);
  std::size_t found_damage = 0;
  for (std::size_t page = 0; page < pages; page += page < 12 ? 1 : 7) {
    CAPTURE(page);
    std::string bytes = sound;
    std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(page * kPageBytes), kPageBytes, '\0');
    write(day, bytes);
    found_damage += problems_of(folder.path()).empty() ? 0 : 1;
    TempFolder into;
    const auto files = repaired(folder.path(), into.path() / "saved");
    CHECK(whole_steps(into.path() / "saved").size() >= kBlocks / 2);
    CHECK(problems_of(into.path() / "saved").empty());
    CHECK(content_of(day) == bytes);
  }
  CHECK(found_damage > 10);
}

TEST_CASE("of a file cut at two thirds the first two thirds are saved") {
  TempFolder folder;
  fill(folder.path());
  const fs::path day = day_path(folder.path(), day_of(kNoon));
  fs::resize_file(day, fs::file_size(day) * 2 / 3);
  CHECK_FALSE(problems_of(day).empty());
  TranscriptReader before(folder.path());
  SearchEnd end;
  found(before, text_query("step 1 line 1 "), &end);
  CHECK(end.damaged_blocks > 0);

  const auto files = repaired(folder.path());
  REQUIRE(files.size() == 1);
  CHECK(files[0].salvaged.notes.size() == 1);
  CHECK_THAT(files[0].salvaged.notes[0], Catch::Contains("cut off its end"));
  const std::set<int> steps = whole_steps(folder.path());
  CHECK(steps.size() >= kBlocks / 2);
  CHECK(files[0].salvaged.blocks == steps.size());
  CHECK(steps == [&] {
    std::set<int> first;
    for (int i = 0; i < static_cast<int>(steps.size()); ++i) first.insert(i);
    return first;
  }());
}

TEST_CASE("what was committed after a flipped bit in the WAL is saved") {
  TempFolder source, folder;
  HandClock clock;
  TranscriptWriter writer(source.path(), {}, clock);
  const ConsoleId id = writer.console_id("core1", "");
  for (int step = 0; step < kBlocks; ++step) {
    append(writer, id, seconds_after(kNoon, step), lines_of_block(step));
    REQUIRE(writer.flush());
  }
  for (const char* suffix : {"", "-wal"})
    fs::copy_file(hot_path(source.path()).string() + suffix,
                  hot_path(folder.path()).string() + suffix);
  const fs::path wal = hot_path(folder.path()).string() + "-wal";
  CHECK(problems_of(folder.path()).empty());
  flip_bit(wal, fs::file_size(wal) / 2);
  const auto problems = problems_of(folder.path());
  REQUIRE_FALSE(problems.empty());
  CHECK_THAT(problems[0].what, Catch::Contains("in its WAL are damaged"));
  const std::size_t seen = whole_steps(folder.path()).size();
  CHECK(seen < kBlocks - 2);

  const auto files = repaired(folder.path());
  CHECK(blocks_lost(files) <= 1);
  CHECK(whole_steps(folder.path()).size() + blocks_lost(files) == kBlocks);
  CHECK(whole_steps(folder.path()).size() > seen);
  CHECK(problems_of(folder.path()).empty());
}

TEST_CASE("hot.db keeps its consoles, incidents, boots and alerts when its header is destroyed") {
  TempFolder folder;
  HandClock clock;
  {
    TranscriptWriter writer(folder.path(), {}, clock);
    const ConsoleId id = writer.console_id("core1", "tcp://a");
    const Record record{id, RecordKind::data, kNoon, "panic\nlogin: "};
    const IncidentRow incident{1, id, "panic", "critical", "f", "t", kNoon, kNoon, {}, "{}"};
    writer.append({&record, 1}, {&incident, 1});
    writer.spool_alert({"am1", 1, "body"});
    REQUIRE(writer.flush());
    REQUIRE(writer.seal());
    append(writer, id, kNoon, "root\n");
    REQUIRE(writer.flush());
  }
  std::string bytes = content_of(hot_path(folder.path()));
  std::fill_n(bytes.begin(), kPageBytes, '\xff');
  write(hot_path(folder.path()), bytes);
  CHECK_FALSE(problems_of(folder.path()).empty());
  const auto files = repaired(folder.path());
  CHECK(blocks_lost(files) == 0);
  CHECK(problems_of(folder.path()).empty());
  TranscriptReader reader(folder.path());
  CHECK(texts(reader.tail("core1", 9)) == Texts{"panic", "login: root"});
  REQUIRE(reader.consoles().size() == 1);
  CHECK(reader.consoles()[0].endpoint == "tcp://a");
  CHECK(reader.incident(1));
  TranscriptWriter again(folder.path(), {}, clock);
  CHECK(again.spooled_alerts().size() == 1);
  CHECK(again.open_incidents().size() == 1);
}

TEST_CASE("repair refuses a folder in use and a newer format") {
  TempFolder folder;
  fill(folder.path());
  {
    HandClock clock;
    TranscriptWriter writer(folder.path(), {}, clock);
    CHECK_THROWS_WITH(repaired(folder.path()), Catch::Contains("stop the daemon first"));
    CHECK(problems_of(folder.path()).empty());
  }
  const fs::path day = day_path(folder.path(), day_of(kNoon));
  Database::create(day).run("UPDATE meta SET v=99 WHERE k='format'");
  CHECK_THROWS_WITH(problems_of(folder.path()), Catch::Contains("newer lastgasp"));
  CHECK_THROWS_WITH(repaired(folder.path()), Catch::Contains("newer lastgasp"));
}
