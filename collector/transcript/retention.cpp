#include "collector/transcript/retention.h"

#include "collector/core/bytes.h"
#include "collector/core/log.h"
#include "collector/transcript/schema.h"

namespace lastgasp {
namespace {

void remove_day(const std::filesystem::path& folder, Day day, const std::string& why) {
  const std::string path = day_path(folder, day).string();
  log_info("removing " + path + ": " + why);
  // The file itself last: a WAL left behind would be taken for that of a later file of the name.
  for (const char* suffix : {"-wal", "-shm", ""}) {
    std::error_code error;
    std::filesystem::remove(path + suffix, error);
    if (error) log_warning(errno_text("remove " + path + suffix, error.value()));
  }
}

// The oldest day but today. Days to come are of a clock that was wrong, or is: they go last.
std::optional<Day> oldest_other_day(const std::filesystem::path& folder, WallTime now) {
  for (const Day day : stored_days(folder)) {
    if (day != day_of(now)) return day;
  }
  return std::nullopt;
}

WallTime oldest_in(const std::filesystem::path& database, const std::string& table) {
  Database db = Database::open_read_only(database);
  Statement oldest(db, "SELECT min(t0) FROM " + table);
  return oldest.step() ? from_unix_micros(oldest.integer(0)) : WallTime{};
}

}  // namespace

std::size_t apply_retention(const std::filesystem::path& folder, Micros keep,
                            std::uint64_t keep_bytes, WallTime now) {
  std::size_t removed = 0;
  const auto oldest = oldest_other_day(folder, now);
  if (oldest && start_of(*oldest + 1) + keep <= now) {
    remove_day(folder, *oldest, "older than " + format_duration(keep));
    ++removed;
  }
  while (keep_bytes > 0 && bytes_of_days(folder) + bytes_on_disk(hot_path(folder)) > keep_bytes) {
    const auto day = oldest_other_day(folder, now);
    if (!day) break;
    remove_day(folder, *day, "the folder is over " + format_bytes(keep_bytes));
    ++removed;
  }
  return removed;
}

bool remove_oldest_day(const std::filesystem::path& folder, WallTime now) {
  const auto day = oldest_other_day(folder, now);
  if (!day || stored_days(folder).size() < 2) return false;
  remove_day(folder, *day, "the disk is full");
  return true;
}

std::uint64_t bytes_of_days(const std::filesystem::path& folder) {
  std::uint64_t total = 0;
  for (const Day day : stored_days(folder)) total += bytes_on_disk(day_path(folder, day));
  return total;
}

WallTime oldest_record(const std::filesystem::path& folder) {
  try {
    const std::vector<Day> days = stored_days(folder);
    if (!days.empty()) return oldest_in(day_path(folder, days.front()), "blk");
    return oldest_in(hot_path(folder), "journal");
  } catch (const Error& error) {
    log_warning(error.what());
    return {};
  }
}

}  // namespace lastgasp
