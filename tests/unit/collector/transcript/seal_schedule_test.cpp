#include "collector/transcript/seal_schedule.h"

#include <catch2/catch.hpp>

#include "tests/unit/collector/transcript/transcript_fixture.h"

using namespace lastgasp;

namespace {

constexpr std::uint64_t kKiB = 1024, kMiB = 1024 * 1024;

Instant after(Micros d) { return Instant{kNoon, MonoTime{}} + d; }

}  // namespace

TEST_CASE("where little arrives the journal is sealed when half a megabyte is there") {
  SealSchedule schedule(0, 0, after({}));
  schedule.committed(10, 400 * kKiB, after(std::chrono::seconds(20)));
  CHECK_FALSE(schedule.wants_step(after(std::chrono::seconds(60))));
  schedule.committed(10, 200 * kKiB, after(std::chrono::seconds(60)));
  CHECK(schedule.wants_step(after(std::chrono::seconds(60))));
  CHECK(schedule.leaves(after(std::chrono::seconds(60))) > 0);
  schedule.taken_out(10, 400 * kKiB, after(std::chrono::seconds(61)));
  CHECK(schedule.idle(after(std::chrono::seconds(61))));
}

TEST_CASE("where much arrives steps are long") {
  SealSchedule schedule(0, 0, after({}));
  schedule.committed(5, 5 * kMiB, after(std::chrono::seconds(1)));
  CHECK_FALSE(schedule.wants_step(after(std::chrono::seconds(2))));
  schedule.committed(5, 4 * kMiB, after(std::chrono::seconds(2)));
  CHECK(schedule.wants_step(after(std::chrono::seconds(2))));
}

TEST_CASE("a storm is far ahead of sealing until most of it was taken out") {
  SealSchedule schedule(0, 0, after({}));
  schedule.committed(5, 9 * kMiB, after({}));
  CHECK_FALSE(schedule.far_behind());
  schedule.committed(5, 9 * kMiB, after({}));
  CHECK(schedule.far_behind());
  schedule.taken_out(5, 9 * kMiB, after({}));
  CHECK_FALSE(schedule.far_behind());
}

TEST_CASE("what has aged is sealed, but not the last lines of all") {
  SealSchedule schedule(0, 0, after({}));
  schedule.committed(10, 200 * kKiB, after({}));
  CHECK_FALSE(schedule.wants_step(after(std::chrono::minutes(14))));
  CHECK(schedule.wants_step(after(std::chrono::minutes(15))));
  schedule.taken_out(5, 90 * kKiB, after(std::chrono::minutes(15)));
  CHECK_FALSE(schedule.wants_step(after(std::chrono::hours(5))));
}

TEST_CASE("a new day and very many rows take everything out of the journal") {
  SealSchedule day(0, 0, after({}));
  day.committed(1, 100, after({}));
  CHECK(day.wants_step(after(std::chrono::hours(12))));
  CHECK(day.leaves(after(std::chrono::hours(12))) == 0);
  SealSchedule rows(0, 0, after({}));
  rows.committed(20'000, 100 * kKiB, after({}));
  CHECK(rows.wants_step(after({})));
  CHECK(rows.leaves(after({})) == 0);
}
