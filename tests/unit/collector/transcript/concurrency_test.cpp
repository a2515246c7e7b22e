#include <atomic>
#include <catch2/catch.hpp>
#include <set>
#include <thread>

#include "collector/transcript/day_reader.h"
#include "collector/transcript/inspect.h"
#include "collector/transcript/schema.h"
#include "collector/transcript/sqlite.h"
#include "tests/unit/collector/transcript/transcript_fixture.h"

using namespace lastgasp;

namespace {

std::string line_of(int i) { return "line " + std::to_string(i) + "\n"; }

}  // namespace

TEST_CASE("readers see every stream whole while shards append and the sealer moves it") {
  TempFolder folder;
  const SystemClock clock;
  constexpr int kLines = 3000;
  TranscriptWriter writer(folder.path(), {}, clock);
  const ConsoleId a = writer.console_id("a", ""), b = writer.console_id("b", "");
  std::atomic<int> finished{0};
  const auto shard = [&](ConsoleId id) {
    for (int i = 0; i < kLines; ++i) {
      const std::string line = line_of(i);
      const auto cut = static_cast<std::size_t>(i) % line.size();
      append(writer, id, clock.now().wall, std::string_view(line).substr(0, cut));
      append(writer, id, clock.now().wall, std::string_view(line).substr(cut));
    }
    ++finished;
  };
  std::thread first([&] { shard(a); }), second([&] { shard(b); });
  std::thread sealer([&] {
    while (finished < 2) {
      writer.flush();
      writer.seal();
    }
  });
  std::string all;
  for (int i = 0; i < kLines; ++i) all += line_of(i);
  TranscriptReader reader(folder.path());
  reader.follow({"b"}, clock.now());
  std::size_t seen = 0, wrong = 0;
  while (finished < 2) {
    const std::string raw = raw_of(reader, "a");
    if (all.compare(0, raw.size(), raw) != 0 || raw.size() < seen) ++wrong;
    seen = raw.size();
    reader.tail("b", 5);
  }
  first.join();
  second.join();
  sealer.join();
  REQUIRE(writer.flush());
  CHECK(wrong == 0);
  CHECK(raw_of(reader, "a") == all);
  CHECK(raw_of(reader, "b") == all);
}

TEST_CASE("a day file is not there or is whole, at whatever moment of its making it is opened") {
  const TempFolder folder;
  std::filesystem::create_directories(folder.path() / "days");
  constexpr Day kDays = 200;
  std::atomic<Day> being_made{0};
  std::thread maker([&] {
    for (; being_made < kDays; ++being_made) {
      Database db = Database::create(day_path(folder.path(), being_made));
      prepare_day(db);
    }
  });
  std::size_t refused = 0;
  for (Day day; (day = being_made) < kDays;) {
    try {
      DayReader::open(folder.path(), day);
    } catch (const std::exception&) {
      ++refused;
    }
  }
  maker.join();
  CHECK(refused == 0);
}

TEST_CASE("a folder is read or has no transcripts, at whatever moment of its making") {
  const TempFolder folder;
  constexpr int kFolders = 100;
  const auto path_of = [&](int number) { return folder.path() / std::to_string(number); };
  std::atomic<int> being_made{0};
  std::thread maker([&] {
    for (; being_made < kFolders; ++being_made) {
      std::filesystem::create_directories(path_of(being_made));
      Database db = Database::create(hot_path(path_of(being_made)));
      prepare_hot(db);
    }
  });
  std::set<std::string> refusals;
  const auto note_refusal = [&](auto read) {
    try {
      read();
    } catch (const std::exception& error) {
      const std::string what = error.what();
      if (!what.starts_with("no transcripts in")) refusals.insert(what);
    }
  };
  for (int number; (number = being_made) < kFolders;) {
    note_refusal([&] { TranscriptReader(path_of(number)).incidents({}); });
    note_refusal([&] { inspect(path_of(number)); });
  }
  maker.join();
  CHECK(refusals == std::set<std::string>{});
}

TEST_CASE("follow misses nothing while the sealer moves what it follows") {
  TempFolder folder;
  const SystemClock clock;
  constexpr int kLines = 2000;
  TranscriptWriter writer(folder.path(), {}, clock);
  const ConsoleId id = writer.console_id("r1", "");
  append(writer, id, clock.now().wall, "before\n");
  REQUIRE(writer.flush());
  TranscriptReader reader(folder.path());
  CHECK(reader.follow({"r1"}, clock.now()).empty());
  std::atomic<bool> finished{false};
  std::thread shard([&] {
    for (int i = 0; i < kLines; ++i) {
      append(writer, id, clock.now().wall, line_of(i));
      if (i % 50 == 0) writer.flush();
      if (i % 150 == 0) writer.seal();
    }
    writer.flush();
    finished = true;
  });
  std::string followed, all;
  for (bool last = false; !last;) {
    last = finished;
    for (const FoundLine& line : reader.follow({"r1"}, clock.now())) followed += line.text + "\n";
  }
  shard.join();
  for (int i = 0; i < kLines; ++i) all += line_of(i);
  CHECK(followed == all);
}
