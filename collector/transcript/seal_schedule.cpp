#include "collector/transcript/seal_schedule.h"

#include <algorithm>

#include "collector/transcript/schema.h"

namespace lastgasp {
namespace {

// Every search reads all of the journal, so it is kept short; but where much arrives, long steps
// cost less.
constexpr std::uint64_t kSealBytes = 8 << 20;
constexpr std::uint64_t kQuietSealBytes = 512 << 10;
constexpr std::uint64_t kFarBehindBytes = 2 * kSealBytes;
constexpr Micros kBetweenSteps = std::chrono::seconds(5);
constexpr std::uint64_t kNewestBytes = 128 << 10;
constexpr std::uint64_t kSealRows = 16384;
constexpr Micros kSealAge = std::chrono::minutes(15);
constexpr Micros kAfterFailure = std::chrono::seconds(10);
constexpr std::chrono::seconds kHousekeeping{30};

}  // namespace

SealSchedule::SealSchedule(std::uint64_t rows, std::uint64_t bytes, Instant now)
    : rows_(rows), bytes_(bytes), oldest_(now) {}

void SealSchedule::committed(std::uint64_t rows, std::uint64_t bytes, Instant now) {
  const std::lock_guard lock(mutex_);
  if (rows_ == 0) oldest_ = now;
  rows_ += rows;
  bytes_ += bytes;
  if (due(now)) work_.notify_one();
}

void SealSchedule::taken_out(std::uint64_t rows, std::uint64_t bytes, Instant now) {
  const std::lock_guard lock(mutex_);
  rows_ -= std::min(rows, rows_);
  bytes_ -= std::min(bytes, bytes_);
  oldest_ = now;
}

bool SealSchedule::wait(const Clock& clock) {
  std::unique_lock lock(mutex_);
  work_.wait_for(lock, kHousekeeping,
                 [&] { return stopping_ || asked_ > answered_ || due(clock.now()); });
  taken_up_ = asked_;
  return !stopping_;
}

bool SealSchedule::wants_step(Instant now) const {
  const std::lock_guard lock(mutex_);
  return !stopping_ && (taken_up_ > answered_ || due(now));
}

std::uint64_t SealSchedule::leaves(Instant now) const {
  const std::lock_guard lock(mutex_);
  return taken_up_ > answered_ || wants_all(now) ? 0 : kNewestBytes;
}

bool SealSchedule::far_behind() const {
  const std::lock_guard lock(mutex_);
  return bytes_ >= kFarBehindBytes;
}

bool SealSchedule::idle(Instant now) const {
  const std::lock_guard lock(mutex_);
  return !stopping_ && !due(now);
}

void SealSchedule::round_done(bool ok, Instant now) {
  const std::lock_guard lock(mutex_);
  answered_ = taken_up_;
  last_ok_ = ok;
  if (!ok) not_before_ = now.mono + kAfterFailure;
  finished_.notify_all();
}

bool SealSchedule::seal_all() {
  std::unique_lock lock(mutex_);
  const std::uint64_t mine = ++asked_;
  work_.notify_one();
  finished_.wait(lock, [&] { return stopping_ || answered_ >= mine; });
  return answered_ >= mine && last_ok_;
}

void SealSchedule::stop() {
  const std::lock_guard lock(mutex_);
  stopping_ = true;
  work_.notify_all();
  finished_.notify_all();
}

bool SealSchedule::due(Instant now) const {
  if (rows_ == 0 || now.mono < not_before_) return false;
  const Micros age = now.mono - oldest_.mono;
  return bytes_ >= kSealBytes || (bytes_ >= kQuietSealBytes && age >= kBetweenSteps) ||
         (bytes_ > kNewestBytes && age >= kSealAge) || wants_all(now);
}

bool SealSchedule::wants_all(Instant now) const {
  return rows_ >= kSealRows || day_of(now.wall) != day_of(oldest_.wall);
}

}  // namespace lastgasp
