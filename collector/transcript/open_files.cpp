#include "collector/transcript/open_files.h"

#include <utility>
#include <vector>

#include "collector/transcript/day_reader.h"

namespace lastgasp {
namespace {

// Each takes a descriptor and some memory.
constexpr std::size_t kMostDays = 128;

std::unique_ptr<Database> open_hot(const std::filesystem::path& folder) {
  std::unique_ptr<Database> hot;
  if (std::filesystem::exists(hot_path(folder)))
    hot = std::make_unique<Database>(Database::open_read_only(hot_path(folder)));
  if (!hot || !holds_tables(*hot)) {
    throw Error("no transcripts in " + folder.string() +
                ": name the folder the daemon writes to (storage.path of its configuration)");
  }
  check_format(*hot);
  return hot;
}

}  // namespace

OpenFiles::OpenFiles(std::filesystem::path folder) : folder_(std::move(folder)) {}

OpenFiles::~OpenFiles() = default;

std::unique_ptr<Database> OpenFiles::take_hot() {
  std::unique_ptr<Database> kept;
  {
    const std::lock_guard lock(mutex_);
    kept = std::exchange(hot_, {}).file;
  }
  return kept && !kept->file_moved() ? std::move(kept) : open_hot(folder_);
}

std::unique_ptr<DayReader> OpenFiles::take_day(Day day) {
  std::unique_ptr<DayReader> kept;
  {
    const std::lock_guard lock(mutex_);
    if (auto node = days_.extract(day)) kept = std::move(node.mapped().file);
  }
  return kept && kept->renew() ? std::move(kept) : DayReader::open(folder_, day);
}

void OpenFiles::give_back(std::unique_ptr<Database> hot) {
  const std::lock_guard lock(mutex_);
  if (!hot_.file) hot_ = {std::move(hot), std::nullopt};
}

void OpenFiles::give_back(std::unique_ptr<DayReader> day) {
  if (!day) return;
  try {
    day->rest();
  } catch (const SqliteError&) {
    return;  // whoever opens it next is told
  }
  const Day which = day->day();
  const std::lock_guard lock(mutex_);
  if (days_.size() < kMostDays) days_.emplace(which, Idle<DayReader>{std::move(day), std::nullopt});
}

template <typename File>
bool OpenFiles::Idle<File>::ended(MonoTime now) {
  if (!since) since = now;
  return now - *since >= kIdle || file->file_moved();
}

void OpenFiles::close_idle(MonoTime now) {
  std::unique_ptr<Database> hot;  // closed without the lock, as are
  std::vector<std::unique_ptr<DayReader>> days;
  const std::lock_guard lock(mutex_);
  if (hot_.file && hot_.ended(now)) hot = std::exchange(hot_, {}).file;
  for (auto entry = days_.begin(); entry != days_.end();) {
    const bool ended = entry->second.ended(now);
    if (ended) days.push_back(std::move(entry->second.file));
    entry = ended ? days_.erase(entry) : std::next(entry);
  }
}

}  // namespace lastgasp
