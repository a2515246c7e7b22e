#include "collector/transcript/open_files.h"

#include <catch2/catch.hpp>
#include <optional>

#include "collector/transcript/day_reader.h"
#include "transcript_fixture.h"

using namespace lastgasp;

namespace {

// Two days of one console: the first over and packed, the second still written to.
class TwoDays {
 public:
  TwoDays() {
    put("first day\r\n");
    clock_.advance(std::chrono::hours(24));
    put("second day\r\n");
  }
  void put(const std::string& bytes, Micros earlier = Micros(0)) {
    append(*writer_, console_, clock_.now().wall - earlier, bytes);
    REQUIRE(writer_->flush());
    REQUIRE(writer_->seal());
  }
  void stop_writing() { writer_.reset(); }
  const std::filesystem::path& path() const { return folder_.path(); }
  Day first() const { return day_of(kNoon); }
  // How often this process has the day's file open, also when it was removed.
  std::size_t open(Day day) const {
    std::size_t count = 0;
    for (const auto& fd : std::filesystem::directory_iterator("/proc/self/fd")) {
      std::error_code gone;
      const auto file = std::filesystem::read_symlink(fd.path(), gone);
      if (!gone && file.string().starts_with(day_path(path(), day).string())) ++count;
    }
    return count;
  }

 private:
  TempFolder folder_;
  HandClock clock_;
  std::optional<TranscriptWriter> writer_{std::in_place, folder_.path(), StorageLimits{}, clock_};
  const ConsoleId console_ = writer_->console_id("r1", "");
};

std::size_t found_of(OpenFiles& files, const std::string& text) {
  std::size_t hits = 0;
  TranscriptReader(files).search(text_query(text), [&](const FoundLine&) { return ++hits > 0; });
  return hits;
}

}  // namespace

TEST_CASE("a day stays open from one look to the next, and shows what came between") {
  TwoDays two;
  OpenFiles files(two.path());
  auto reader = files.take_day(two.first());
  const DayReader* const first = reader.get();
  REQUIRE(first);
  files.give_back(std::move(reader));
  CHECK(two.open(two.first()) == 1);
  reader = files.take_day(two.first());
  CHECK(reader.get() == first);
  files.give_back(std::move(reader));

  CHECK(found_of(files, "day") == 2);
  two.put("late\r\n", std::chrono::hours(24));
  CHECK(found_of(files, "late") == 1);
  CHECK(found_of(files, "day") == 2);
}

TEST_CASE("a day that is written to stays open, holds nothing of it, and is complete when closed") {
  TwoDays two;
  OpenFiles files(two.path());
  CHECK(found_of(files, "second") == 1);
  const auto file = day_path(two.path(), two.first() + 1);
  two.put("more of the second\r\n");
  CHECK(found_of(files, "second") == 2);
  two.stop_writing();
  CHECK(two.open(two.first() + 1) > 0);
  const auto wal = file.string() + "-wal";
  CHECK((!std::filesystem::exists(wal) || std::filesystem::file_size(wal) == 0));
  CHECK(found_of(files, "second") == 2);
}

TEST_CASE("who asks for a day while another has it gets one of his own") {
  TwoDays two;
  OpenFiles files(two.path());
  auto one = files.take_day(two.first());
  auto other = files.take_day(two.first());
  REQUIRE(other);
  CHECK(one.get() != other.get());
  files.give_back(std::move(one));
  files.give_back(std::move(other));
  files.close_idle(MonoTime{});
  files.close_idle(MonoTime{} + OpenFiles::kIdle);
}

TEST_CASE("a day that nobody asks for is closed after a while") {
  TwoDays two;
  OpenFiles files(two.path());
  CHECK(found_of(files, "first") == 1);
  const MonoTime now{};
  files.close_idle(now);
  files.close_idle(now + OpenFiles::kIdle - Micros(1));
  CHECK(two.open(two.first()) == 1);
  files.close_idle(now + OpenFiles::kIdle);
  CHECK(two.open(two.first()) == 0);
}

TEST_CASE("the room of a removed day is given back at once, and the day is gone") {
  TwoDays two;
  OpenFiles files(two.path());
  CHECK(found_of(files, "first") == 1);
  std::filesystem::remove(day_path(two.path(), two.first()));
  files.close_idle(MonoTime{});
  CHECK(two.open(two.first()) == 0);
  CHECK(found_of(files, "first") == 0);
  CHECK_FALSE(files.take_day(two.first()));
}

TEST_CASE("a day that was replaced is opened anew") {
  TwoDays two;
  OpenFiles files(two.path());
  CHECK(found_of(files, "first") == 1);
  const auto file = day_path(two.path(), two.first());
  const auto copy = file.string() + "-copy";
  std::filesystem::copy_file(file, copy);
  std::filesystem::rename(copy, file);
  CHECK(found_of(files, "first") == 1);
  CHECK(two.open(two.first()) == 1);
}
