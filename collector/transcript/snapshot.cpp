#include "collector/transcript/snapshot.h"

#include <algorithm>

namespace lastgasp {
namespace {

constexpr int kTries = 10;
constexpr std::size_t kCachedBlocks = 4, kOpenFiles = 4;
constexpr std::int64_t kDamagedDay = -1;  // as a block id

// Days that have a file, and that anything in the journal may belong to.
std::vector<Day> days_to_pin(Database& hot, const std::vector<Day>& stored) {
  std::set<std::pair<Day, Day>> spans;
  Statement select(hot, "SELECT t0,t1 FROM journal UNION ALL SELECT t0,t1 FROM open_lines");
  while (select.step()) {
    spans.emplace(day_of(from_unix_micros(select.integer(0))),
                  day_of(from_unix_micros(select.integer(1))));
  }
  std::vector<Day> days;
  std::copy_if(stored.begin(), stored.end(), std::back_inserter(days), [&](Day day) {
    return std::any_of(spans.begin(), spans.end(),
                       [&](const auto& span) { return day >= span.first && day <= span.second; });
  });
  return days;
}

}  // namespace

Snapshot::Snapshot(OpenFiles& files, Database& hot) : files_(files), hot_(hot) {
  // The sealer may take a step between our looks at the day files and at the journal.
  for (int i = 0; i < kTries; ++i) {
    if (take()) return;
  }
  throw Error(files.folder().string() + " changes faster than it can be read: try again");
}

Snapshot::~Snapshot() {
  release_pinned();
  for (auto& [day, file] : open_) files_.give_back(std::move(file));
}

void Snapshot::release_pinned() {
  for (auto& [day, file] : pinned_) files_.give_back(std::move(file));
  pinned_.clear();
}

// The day files first: rows that any of them has are in the journal when we look into it after
// that, unless a step ended meanwhile. To read the journal takes long, and comes when that is sure.
bool Snapshot::take() {
  transaction_.reset();
  release_pinned();
  damaged_blocks_.clear();
  damaged_ = 0;
  const std::int64_t sealed_seq = sealed_seq_of(hot_);
  const std::vector<Day> stored = stored_days(files_.folder());
  const std::int64_t committed = pin_days(sealed_seq, days_to_pin(hot_, stored));
  transaction_.emplace(hot_);
  if (sealed_seq_of(hot_) != sealed_seq) return false;
  std::set<Day> reached;
  for (const auto& [day, file] : pinned_) {
    if (file && file->sealed_seq() >= committed) reached.insert(day);
  }
  unsealed_.read(hot_, committed, std::move(reached));
  damaged_ += unsealed_.damaged();
  for (const Day day : unsealed_.days()) {
    if (pinned_.contains(day)) continue;
    // Of rows that came after we looked which days there are.
    if (std::binary_search(stored.begin(), stored.end(), day)) return false;
    pinned_[day] = nullptr;
  }
  if (unsealed_.all_kept()) transaction_.reset();
  return true;
}

// Opens the files of `days`, so that they stay as they are now. Returns the row of the journal up
// to which the last step that any of them has seen went.
std::int64_t Snapshot::pin_days(std::int64_t sealed_seq, const std::vector<Day>& days) {
  std::int64_t committed = sealed_seq;
  for (const Day day : days) {
    auto& file = pinned_[day] = open(day);
    if (file) committed = std::max(committed, file->sealed_seq());
  }
  return committed;
}

std::vector<Day> Snapshot::days() const {
  std::vector<Day> days = stored_days(files_.folder());
  days.insert(days.end(), unsealed_.days().begin(), unsealed_.days().end());
  std::sort(days.begin(), days.end());
  days.erase(std::unique(days.begin(), days.end()), days.end());
  return days;
}

// Null when there is none, or it is damaged.
std::unique_ptr<DayReader> Snapshot::open(Day day) {
  try {
    return files_.take_day(day);
  } catch (const SqliteError&) {
    if (damaged_blocks_.emplace(day, kDamagedDay).second) ++damaged_;
    return nullptr;
  }
}

DayReader* Snapshot::reader(Day day) {
  const auto pinned = pinned_.find(day);
  if (pinned != pinned_.end()) return pinned->second.get();
  for (const auto& [opened, file] : open_) {
    if (opened == day) return file.get();
  }
  open_.emplace_front(day, open(day));
  if (open_.size() > kOpenFiles) {
    files_.give_back(std::move(open_.back().second));
    open_.pop_back();
  }
  return open_.front().second.get();
}

std::vector<BlockRef> Snapshot::blocks(Day day, const std::set<ConsoleId>* wanted,
                                       const TimeRange& range) {
  std::vector<BlockRef> blocks = sealed(day, wanted, range);
  const std::vector<BlockRef> journal = unsealed(day, wanted, range);
  blocks.insert(blocks.end(), journal.begin(), journal.end());
  return blocks;
}

std::vector<BlockRef> Snapshot::sealed(Day day, const std::set<ConsoleId>* wanted,
                                       const TimeRange& range, const GramQuery* query) {
  try {
    DayReader* const file = reader(day);
    return file ? file->blocks(wanted, range, query) : std::vector<BlockRef>{};
  } catch (const SqliteError&) {
    if (damaged_blocks_.emplace(day, kDamagedDay).second) ++damaged_;
    return {};
  }
}

WallTime Snapshot::newest_sealed(Day day) {
  try {
    DayReader* const file = reader(day);
    return file ? file->newest() : WallTime::min();
  } catch (const SqliteError&) {
    return WallTime::max();  // sealed() will tell
  }
}

std::optional<BlockRef> Snapshot::neighbour(const BlockRef& block, ConsoleId console, bool after) {
  const std::set<ConsoleId> wanted{console};
  std::vector<Day> all = days();
  if (!after) std::reverse(all.begin(), all.end());
  for (const Day day : all) {
    if (after ? day < block.day : day > block.day) continue;
    std::vector<BlockRef> blocks = this->blocks(day, &wanted, {});
    if (!after) std::reverse(blocks.begin(), blocks.end());
    for (const BlockRef& other : blocks) {
      if (day != block.day || (after ? other.id > block.id : other.id < block.id)) return other;
    }
  }
  return std::nullopt;
}

// For one block more in the cache: that of the oldest, unless somebody still looks at it.
std::shared_ptr<LoadedBlock> Snapshot::room() {
  std::shared_ptr<LoadedBlock> oldest;
  if (cache_.size() >= kCachedBlocks) {
    oldest = std::move(cache_.back().second);
    cache_.pop_back();
  }
  return oldest && oldest.use_count() == 1 ? oldest : std::make_shared<LoadedBlock>();
}

bool Snapshot::load_text_into(const BlockRef& ref, LoadedBlock& block) {
  if (ref.in_journal()) {
    unsealed_.load(hot_, ref, block);
    return true;
  }
  try {
    DayReader* const file = reader(ref.day);
    return file && file->load_text(ref.id, block);
  } catch (const SqliteError&) {
    return false;
  }
}

bool Snapshot::complete(const BlockRef& ref, LoadedBlock& block) {
  if (block.packed_table.empty()) return true;
  try {
    DayReader* const file = reader(ref.day);
    return file && file->complete(block);
  } catch (const SqliteError&) {
    return false;
  }
}

void Snapshot::lose(const BlockRef& ref, std::shared_ptr<LoadedBlock>& block) {
  if (damaged_blocks_.emplace(ref.day, ref.id).second) ++damaged_;
  block = nullptr;
}

// The block with its text, null when it is damaged.
std::shared_ptr<LoadedBlock>& Snapshot::cached(const BlockRef& ref) {
  for (auto& [known, block] : cache_)
    if (known.day == ref.day && known.id == ref.id) return block;
  std::shared_ptr<LoadedBlock> block = room();
  if (!load_text_into(ref, *block)) lose(ref, block);
  return cache_.emplace_front(ref, std::move(block)).second;
}

std::shared_ptr<const LoadedBlock> Snapshot::load_text(const BlockRef& ref) { return cached(ref); }

std::shared_ptr<const LoadedBlock> Snapshot::load(const BlockRef& ref) {
  std::shared_ptr<LoadedBlock>& block = cached(ref);
  if (block && !complete(ref, *block)) lose(ref, block);
  return block;
}

}  // namespace lastgasp
