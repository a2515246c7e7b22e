// The write-ahead log of hot.db cut or flipped while nobody ran: the next writer keeps what was
// before the damage, says what is lost, keeps a copy for repair, and goes on.
#include "collector/transcript/damaged_wal.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

#include "collector/core/log.h"
#include "collector/transcript/repair.h"
#include "collector/transcript/schema.h"
#include "collector/transcript/verify.h"
#include "collector/transcript/wal_file.h"
#include "tests/unit/collector/transcript/transcript_fixture.h"

using namespace lastgasp;
namespace fs = std::filesystem;

namespace {

constexpr int kSteps = 9;
constexpr std::size_t kHeader = 32, kFrameHeader = 24, kFrame = kFrameHeader + 8192;

std::string lines_of(int step) {
  std::string text;
  std::uint64_t state = static_cast<std::uint64_t>(step) + 1;
  for (int i = 0; i < 300; ++i) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    text += "step " + std::to_string(step) + " line " + std::to_string(i) + " " +
            std::to_string(state) + std::to_string(state * state) + "\n";
  }
  return text;
}

std::string lines_before(int step) {
  std::string text;
  for (int i = 0; i < step; ++i) text += lines_of(i);
  return text;
}

// A folder as kill -9 leaves it: the first two steps sealed, all others in the WAL.
struct Killed {
  explicit Killed(int sealed = 2) {
    TempFolder living;
    HandClock clock;
    TranscriptWriter writer(living.path(), {}, clock);
    const ConsoleId id = writer.console_id("r1", "");
    for (int step = 0; step < kSteps; ++step) {
      append(writer, id, seconds_after(kNoon, step), lines_of(step));
      REQUIRE(writer.flush());
      if (step + 1 == sealed) REQUIRE(writer.seal());
    }
    fs::copy(living.path(), folder.path(), fs::copy_options::recursive);
    frames = read_wal(hot_path(folder.path())).frames.size();
    REQUIRE(frames > 30);
  }
  fs::path wal() const { return hot_path(folder.path()).string() + "-wal"; }
  static std::size_t at(std::size_t frame) { return kHeader + frame * kFrame; }

  void flip(std::size_t offset) const {
    std::fstream file(wal(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(static_cast<std::streamoff>(offset));
    const char byte = static_cast<char>(file.get() ^ 16);
    file.seekp(static_cast<std::streamoff>(offset));
    file.put(byte);
    REQUIRE(file.good());
  }
  // How many steps a writer that opens the folder still has; it writes one line more.
  int reopened() const {
    HandClock clock(seconds_after(kNoon, 100));
    TranscriptWriter writer(folder.path(), {}, clock);
    append(writer, writer.console_id("r1", ""), clock.now().wall, "written on\n");
    CHECK(writer.flush());
    CHECK(writer.seal());
    TranscriptReader reader(folder.path());
    const std::string raw = raw_of(reader, "r1");
    for (int steps = 0; steps <= kSteps; ++steps)
      if (raw == lines_before(steps) + "written on\n") return steps;
    return -1;
  }
  std::vector<fs::path> kept() const {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder.path())) {
      const std::string name = entry.path().filename().string();
      if (name.find(".damaged") != std::string::npos && !name.ends_with("-shm"))
        files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    return files;
  }

  TempFolder folder;
  std::size_t frames = 0;
};

}  // namespace

TEST_CASE("a flipped bit in the WAL costs what follows, which is kept for repair") {
  Killed killed(GENERATE(0, 2));
  const std::size_t middle = Killed::at(killed.frames / 2);
  const auto [offset, least, most] =
      GENERATE_REF(table<std::size_t, int, int>({{middle + kFrameHeader + 4000, 2, 6},  // a page
                                                 {middle + 2, 2, 6},   // its number
                                                 {middle + 17, 2, 6},  // its checksum
                                                 {kHeader + 9, 0, 2},  // the first frame
                                                 {17, 0, 2}}));        // the header of the log
  CAPTURE(offset);
  killed.flip(offset);
  const int steps = killed.reopened();
  CHECK(steps >= least);
  CHECK(steps <= most);

  const std::string name = hot_path(killed.folder.path()).string() + ".damaged-20261122T120140";
  REQUIRE(killed.kept() == std::vector<fs::path>{name, name + "-wal"});
  TempFolder into;
  const auto repaired = repair(name, into.path() / "saved", [](std::uint64_t) {});
  REQUIRE(repaired.size() == 1);
  CHECK(repaired[0].failure.empty());
  CHECK(repaired[0].salvaged.losses.size() <= 1);
  TranscriptReader reader(into.path() / "saved");
  for (int step = 2; step < kSteps; ++step) {
    const auto lines = found(reader, text_query("step " + std::to_string(step) + " line 299 "));
    if (repaired[0].salvaged.losses.empty()) CHECK(lines.size() == 1);
  }
  CHECK(found(reader, text_query("line 299 ")).size() + 1 >= kSteps - 2);
  HandClock clock;
  { TranscriptWriter again(killed.folder.path(), {}, clock); }
  CHECK(killed.kept().size() == 2);
}

TEST_CASE("a WAL that was cut keeps every transaction before the cut") {
  const Killed killed;
  const std::size_t middle = Killed::at(killed.frames / 2);
  // Between frames, inside a frame's header, at its end, inside the page.
  const std::size_t more =
      GENERATE(std::size_t{0}, std::size_t{7}, kFrameHeader, std::size_t{5000});
  fs::resize_file(killed.wal(), middle + more);
  const int steps = killed.reopened();
  CHECK(steps >= 2);
  CHECK(steps < kSteps);
  CHECK(killed.kept().empty());
  CHECK(verify(killed.folder.path(), [](std::uint64_t) {}).problems.empty());
}

TEST_CASE("a WAL cut to nothing leaves what is sealed, and the cut is told") {
  Killed killed;
  fs::resize_file(killed.wal(), GENERATE(std::size_t{0}, std::size_t{20}, std::size_t{40}));
  CHECK(verify(killed.folder.path(), [](std::uint64_t) {}).problems.size() == 1);
  const std::uint64_t errors = logged_messages(LogLevel::error);
  CHECK(killed.reopened() == 2);
  CHECK(logged_messages(LogLevel::error) > errors);
}

TEST_CASE("a sound WAL is left alone") {
  Killed killed;
  CHECK(keep_damaged_wals(killed.folder.path(), kNoon) == 0);
  CHECK(killed.kept().empty());
  CHECK(killed.reopened() == kSteps);
}

TEST_CASE("a copy kept for repair is only repaired into a folder of its own") {
  Killed killed;
  killed.flip(Killed::at(killed.frames / 2) + 100);
  REQUIRE(keep_damaged_wals(killed.folder.path(), kNoon) == 1);
  REQUIRE(keep_damaged_wals(killed.folder.path(), kNoon) == 1);
  const auto kept = killed.kept();
  REQUIRE(kept.size() == 4);
  CHECK_THROWS_WITH(repair(kept[0], {}, [](std::uint64_t) {}), Catch::Contains("--into"));
  // While the daemon is at work.
  HandClock clock;
  fs::remove(hot_path(killed.folder.path()));
  fs::remove(killed.wal());
  TranscriptWriter writer(killed.folder.path(), {}, clock);
  TempFolder into;
  CHECK(repair(kept[0], into.path() / "saved", [](std::uint64_t) {}).size() == 1);
}
