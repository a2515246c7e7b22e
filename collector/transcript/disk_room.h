// Room on a full disk, so that storing goes on: space put aside beforehand is given up first, then
// day files go, the oldest first and one at a time. Safe from any thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>

#include "collector/core/clock.h"

namespace lastgasp {

class DiskRoom {
 public:
  // Put aside: at most this, and at most a 64th of the disk.
  static constexpr std::uint64_t kMostAside = std::uint64_t{32} << 20;
  // Between two days that go: what was freed must have had a chance to be enough.
  static constexpr Micros kBetweenDays = std::chrono::seconds(10);

  explicit DiskRoom(const std::filesystem::path& folder);

  // Puts space aside, when there is plenty; at the start and now and then.
  void put_aside();
  // A write failed for want of room. Whether a day file went. After one whose going freed nothing
  // none goes until it has.
  bool make(Instant now);
  // A write worked.
  void wrote();

 private:
  bool give_up();
  std::uint64_t free_bytes() const;

  const std::filesystem::path folder_;
  std::mutex mutex_;
  MonoTime not_before_ = MonoTime::min();
  // A day went and freed nothing: it has when so many bytes are free.
  std::optional<std::uint64_t> owed_until_;
};

}  // namespace lastgasp
