#include "collector/transcript/day_repack.h"

#include <deque>
#include <vector>

#include "collector/core/log.h"
#include "collector/transcript/day_reader.h"
#include "collector/transcript/packed_day.h"
#include "collector/transcript/text_dictionary.h"

namespace lastgasp {
namespace {

// So much of a day is sorted by console at once: more is smaller on disk, but a search for the
// newest lines of all consoles reads all of the last window.
constexpr std::uint64_t kWindowBytes = 512 << 20;
// So much of it is held in memory, and done in one step.
constexpr std::uint64_t kGroupBytes = 32 << 20;

// Consoles `first` to `last` of a window of blocks.
struct Group {
  std::int64_t first_block = 0, last_block = 0;
  ConsoleId first = 0, last = 0;
};

std::vector<Group> windows_of(Database& db) {
  std::vector<Group> windows;
  std::uint64_t bytes = kWindowBytes;
  Statement select(db, "SELECT id,raw_len FROM blk ORDER BY id");
  while (select.step()) {
    if (bytes >= kWindowBytes) {
      windows.push_back({select.integer(0), 0, 0, 0});
      bytes = 0;
    }
    windows.back().last_block = select.integer(0);
    bytes += static_cast<std::uint64_t>(select.integer(1));
  }
  return windows;
}

std::vector<Group> groups_of(Database& db) {
  std::vector<Group> groups;
  Statement select(db, "SELECT con,sum(len) FROM " + span_source(db) +
                           " WHERE blk BETWEEN ? AND ? GROUP BY con ORDER BY con");
  for (const Group& window : windows_of(db)) {
    std::uint64_t bytes = kGroupBytes;
    select.bind(1, window.first_block).bind(2, window.last_block);
    while (select.step()) {
      const auto console = static_cast<ConsoleId>(select.integer(0));
      if (bytes >= kGroupBytes) {
        groups.push_back({window.first_block, window.last_block, console, console});
        bytes = 0;
      }
      groups.back().last = console;
      bytes += static_cast<std::uint64_t>(select.integer(1));
    }
    select.reset();
  }
  return groups;
}

// What some blocks have of some consoles, as pieces.
class Gathering {
 public:
  explicit Gathering(Day day) : day_(day) {}

  void add(const LoadedBlock& block, ConsoleId first, ConsoleId last) {
    for (std::size_t i = 0; i < block.records.size(); ++i) {
      const Record& record = block.records[i];
      if (record.console < first || record.console > last) continue;
      const bool last_of_console =
          i + 1 == block.records.size() || block.records[i + 1].console != record.console;
      const bool whole = record.kind != RecordKind::data || record.bytes.ends_with('\n');
      pieces_.push_back({keep(record), day_, last_of_console || whole});
      // The end of a block ended this line; what comes next in the new one must not continue it.
      if (last_of_console && !whole) {
        pieces_.push_back({{record.console, RecordKind::data, record.at, {}}, day_, true});
      }
    }
  }
  std::uint64_t bytes() const { return bytes_; }
  const std::vector<Piece>& pieces() const { return pieces_; }

 private:
  Record keep(Record record) {
    if (record.bytes.empty()) return record;
    if (slabs_.empty() || slabs_.back().size() + record.bytes.size() > slabs_.back().capacity()) {
      slabs_.emplace_back().reserve(std::max(kSlabBytes, record.bytes.size()));
    }
    std::string& slab = slabs_.back();
    slab.append(record.bytes);
    record.bytes = std::string_view(slab).substr(slab.size() - record.bytes.size());
    bytes_ += record.bytes.size();
    return record;
  }

  static constexpr std::size_t kSlabBytes = 1 << 20;

  Day day_;
  std::uint64_t bytes_ = 0;
  std::deque<std::string> slabs_;  // hold the bytes of pieces_; never grow beyond their capacity
  std::vector<Piece> pieces_;
};

// Days of earlier formats have no index that is looked at.
constexpr std::int64_t kFirstPacked = 2;

bool is_packed(const std::filesystem::path& file) {
  Database db = Database::open_read_only(file);
  const Meta meta = read_meta(db);
  return !meta.present || (meta.packed() && meta.format >= kFirstPacked);
}

// Packing must never be what fills the disk.
bool has_room(const std::filesystem::path& file) {
  return std::filesystem::space(file).available > 2 * bytes_on_disk(file);
}

// Puts everything a WAL holds into the file and empties it. False while a reader needs it.
bool empty_wal(const std::filesystem::path& file) {
  Database db = Database::create(file);
  Statement checkpoint(db, "PRAGMA wal_checkpoint(TRUNCATE)");
  return checkpoint.step() && checkpoint.integer(0) == 0;
}

}  // namespace

// One day on its way into a new file, group by group.
class DayPacking {
 public:
  DayPacking(const std::filesystem::path& folder, Day day, Packer& packer)
      : day_(day),
        file_(day_path(folder, day)),
        old_(Database::open_read_only(file_)),
        reader_(DayReader::open(folder, day)),
        groups_(groups_of(old_)),
        dictionary_(TextDictionary::learn(sample())),
        packed_(file_, packer, dictionary_.get()) {
    packer.use(dictionary_.get());
  }

  Day day() const { return day_; }

  // False when it was the last step: then the new file is in place. Throws Error when the day is
  // damaged, or is gone.
  bool step() {
    if (next_ < groups_.size()) {
      pack(groups_[next_++]);
      return true;
    }
    if (!std::filesystem::exists(file_)) throw Error(file_.string() + " is gone");
    reader_.reset();
    packed_.replace(old_);
    return false;
  }

 private:
  // Of the text of blocks all over the day, as much of each.
  std::string sample() {
    constexpr std::int64_t kSampled = 256;
    Statement count(old_, "SELECT count(*) FROM blk");
    count.step();
    const std::int64_t every = std::max<std::int64_t>(1, count.integer(0) / kSampled);
    const std::int64_t sampled = std::max<std::int64_t>(1, count.integer(0) / every);
    const std::size_t of_each = TextDictionary::kMostText / static_cast<std::size_t>(sampled);
    std::string text;
    LoadedBlock block;
    Statement blocks(old_, "SELECT id FROM blk WHERE id % ? = 0");
    blocks.bind(1, every);
    while (blocks.step())
      if (reader_ && reader_->load_text(blocks.integer(0), block))
        text.append(block.text.substr(0, of_each));
    return text;
  }

  void pack(const Group& group) {
    Gathering gathering(day_);
    Statement blocks(old_, "SELECT DISTINCT blk FROM " + span_source(old_) +
                               " WHERE con BETWEEN ? AND ? AND blk BETWEEN ? AND ? ORDER BY blk");
    blocks.bind(1, group.first).bind(2, group.last);
    blocks.bind(3, group.first_block).bind(4, group.last_block);
    LoadedBlock block;
    while (blocks.step()) {
      if (!reader_ || !reader_->load(blocks.integer(0), block))
        throw Error(file_.string() + " is damaged; see lastgasp db check");
      gathering.add(block, group.first, group.last);
      // One console alone may be more than a group should be.
      if (gathering.bytes() < 2 * kGroupBytes) continue;
      write(gathering);
      gathering = Gathering(day_);
    }
    write(gathering);
  }

  void write(const Gathering& gathering) {
    build_blocks(gathering.pieces(), [this](const Block& block) { packed_.add(block); });
  }

  const Day day_;
  const std::filesystem::path file_;
  Database old_;
  std::unique_ptr<DayReader> reader_;
  std::vector<Group> groups_;
  std::size_t next_ = 0;
  const std::unique_ptr<const TextDictionary> dictionary_;
  PackedDay packed_;
};

DayRepack::DayRepack(std::filesystem::path folder) : folder_(std::move(folder)) {}
DayRepack::~DayRepack() = default;

void DayRepack::written(Day day) {
  done_.erase(day);
  if (packing_ && packing_->day() == day) packing_.reset();
}

bool DayRepack::step(WallTime now) {
  try {
    if (!packing_) begin(now);
    if (!packing_) return false;
    if (!packing_->step()) packing_.reset();
    return true;
  } catch (const std::exception& error) {
    packing_.reset();
    log_warning(std::string("the day stays as it is: ") + error.what());
    return true;  // another may need it
  }
}

void DayRepack::begin(WallTime now) {
  const std::vector<Day> days = stored_days(folder_);
  for (const Day day : days) {
    if (day >= day_of(now) || day == days.back() || done_.count(day) > 0) continue;
    const std::filesystem::path file = day_path(folder_, day);
    done_.insert(day);
    if (is_packed(file) || !has_room(file)) continue;
    if (!empty_wal(file)) {
      done_.erase(day);
      return;
    }
    packing_ = std::make_unique<DayPacking>(folder_, day, blocks_);
    return;
  }
}

}  // namespace lastgasp
