#include "collector/transcript/disk_room.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <system_error>

#include "collector/core/bytes.h"
#include "collector/core/log.h"
#include "collector/transcript/retention.h"

namespace lastgasp {
namespace {

namespace fs = std::filesystem;

fs::path aside_path(const fs::path& folder) { return folder / "reserve"; }

fs::space_info space_of(const fs::path& folder) {
  std::error_code error;
  const fs::space_info space = fs::space(folder, error);
  return error ? fs::space_info{} : space;
}

}  // namespace

DiskRoom::DiskRoom(const fs::path& folder) : folder_(folder) { put_aside(); }

void DiskRoom::put_aside() {
  const std::lock_guard lock(mutex_);
  const fs::space_info space = space_of(folder_);
  const std::uint64_t wanted = std::min<std::uint64_t>(kMostAside, space.capacity / 64);
  std::error_code error;
  if (fs::file_size(aside_path(folder_), error) == wanted && !error) return;
  if (wanted == 0 || space.available < 4 * wanted) return;
  const int fd = open(aside_path(folder_).c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0) return;
  const bool got = ftruncate(fd, 0) == 0 && posix_fallocate(fd, 0, static_cast<off_t>(wanted)) == 0;
  close(fd);
  if (!got) fs::remove(aside_path(folder_), error);
}

bool DiskRoom::give_up() {
  std::error_code error;
  return fs::remove(aside_path(folder_), error);
}

bool DiskRoom::make(Instant now) {
  const std::lock_guard lock(mutex_);
  if (give_up()) {
    log_warning(folder_.string() + ": the disk is full; the space put aside is now used");
    return false;
  }
  if (now.mono < not_before_) return false;
  const std::uint64_t free = free_bytes();
  if (owed_until_ && free < *owed_until_) return false;
  const std::uint64_t stored = bytes_of_days(folder_);
  if (!remove_oldest_day(folder_, now.wall)) return false;
  not_before_ = now.mono + kBetweenDays;
  owed_until_ = free + (stored - bytes_of_days(folder_)) / 2;  // others write meanwhile
  if (free_bytes() >= *owed_until_) {
    owed_until_.reset();
    return true;
  }
  log_error(folder_.string() +
            ": that made no room, so no other day goes before it does; something may still read "
            "the file, or the disk keeps what is removed");
  return true;
}

void DiskRoom::wrote() {
  const std::lock_guard lock(mutex_);
  if (owed_until_ && free_bytes() >= *owed_until_) owed_until_.reset();
}

std::uint64_t DiskRoom::free_bytes() const { return space_of(folder_).free; }

}  // namespace lastgasp
