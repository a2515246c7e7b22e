#include "collector/transcript/snapshot.h"

#include <algorithm>

namespace lastgasp {
namespace {

constexpr int kTries = 10;
constexpr std::size_t kCachedBlocks = 4, kOpenFiles = 4;
constexpr std::int64_t kDamagedDay = -1;  // as a block id

std::set<Day> days_of(const std::vector<Piece>& pieces) {
  std::set<Day> days;
  for (const Piece& piece : pieces) days.insert(piece.day);
  return days;
}

// As in a block of a day file: the bytes of the records one after the other.
void gather(const std::vector<Record>& records, LoadedBlock& block) {
  block.plain = false;
  block.packed_table.clear();
  std::size_t bytes = 0;
  for (const Record& record : records) bytes += record.bytes.size();
  block.raw.clear();
  block.raw.reserve(bytes);
  block.records = records;
  for (Record& record : block.records) {
    const std::size_t offset = block.raw.size();
    block.raw.append(record.bytes);
    record.bytes = std::string_view(block.raw).substr(offset);
  }
  block.text = block.raw;
}

std::vector<Piece> all_of(LineSplit& split) {
  std::vector<Piece> pieces = split.take_whole();
  const std::vector<Piece> open = split.open();
  pieces.insert(pieces.end(), open.begin(), open.end());
  return pieces;
}

}  // namespace

Snapshot::Snapshot(OpenFiles& files, Database& hot) : files_(files) {
  // The sealer may take a step between our looks at the journal and at the day files.
  for (int i = 0; i < kTries; ++i) {
    if (take(hot)) return;
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

bool Snapshot::take(Database& hot) {
  hot_.clear();
  release_pinned();
  damaged_blocks_.clear();
  content_ = read_hot(hot);
  damaged_ = content_.damaged;
  if (!place_hot()) return false;
  Statement sealed(hot, "SELECT ifnull(max(seq),0) FROM open_lines");
  sealed.step();
  return sealed.integer(0) == content_.sealed_seq;
}

// Gives what the journal holds to its days, less what a step under way has put in day files
// already. False when that step goes past the rows we have seen.
bool Snapshot::place_hot() {
  LineSplit split;
  add_open_lines(content_, split);
  add_rows(content_, content_.sealed_seq, split);
  std::vector<Piece> pieces = all_of(split);
  const std::int64_t committed = pin_days(pieces);
  if (committed > content_.last_seq()) return false;
  if (committed > content_.sealed_seq) {
    split = split_of(content_, committed);
    place(split.take_whole(), committed);
    add_rows(content_, committed, split);
    pieces = all_of(split);
  }
  place(pieces, INT64_MAX);
  for (auto& [day, records] : hot_) {
    std::stable_sort(records.begin(), records.end(),
                     [](const Record& a, const Record& b) { return a.console < b.console; });
  }
  return true;
}

// Opens the files of the days of `pieces`, so that they stay as they are now. Returns the row of
// the journal up to which the last step that any of them has seen went.
std::int64_t Snapshot::pin_days(const std::vector<Piece>& pieces) {
  std::int64_t committed = content_.sealed_seq;
  for (const Day day : days_of(pieces)) {
    auto& file = pinned_[day] = open(day);
    if (file) committed = std::max(committed, file->sealed_seq());
  }
  return committed;
}

// Of `pieces`, those whose day file does not have them: it has them when it is sealed up to
// `committed_seq`.
void Snapshot::place(const std::vector<Piece>& pieces, std::int64_t committed_seq) {
  for (const Piece& piece : pieces) {
    const auto file = pinned_.find(piece.day);
    const bool sealed =
        file != pinned_.end() && file->second && file->second->sealed_seq() >= committed_seq;
    if (!sealed) hot_[piece.day].push_back(piece.record);
  }
}

std::vector<Day> Snapshot::days() const {
  std::vector<Day> days = stored_days(files_.folder());
  for (const auto& [day, records] : hot_) days.push_back(day);
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
  if (const auto hot = unsealed(day, wanted, range)) blocks.push_back(*hot);
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

std::optional<BlockRef> Snapshot::unsealed(Day day, const std::set<ConsoleId>* wanted,
                                           const TimeRange& range) const {
  const auto hot = hot_.find(day);
  if (hot == hot_.end()) return std::nullopt;
  BlockRef ref{day, BlockRef::kHot, WallTime::max(), WallTime::min()};
  for (const Record& record : hot->second) {
    if (wanted && wanted->count(record.console) == 0) continue;
    ref.t0 = std::min(ref.t0, record.at);
    ref.t1 = std::max(ref.t1, record.at);
    if (wanted) ref.bytes += record.bytes.size();
  }
  if (ref.t1 < range.from || ref.t0 >= range.to) return std::nullopt;
  return ref;
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
  if (ref.id == BlockRef::kHot) {
    gather(hot_[ref.day], block);
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
