#include "collector/transcript/day_repack.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <deque>
#include <vector>

#include "collector/core/log.h"
#include "collector/transcript/block_writer.h"
#include "collector/transcript/day_reader.h"

namespace lastgasp {
namespace {

// So much of a day is sorted by console at once: more is smaller on disk, but makes a search for
// the newest lines read further.
constexpr std::size_t kWindowBytes = 32 << 20;
constexpr std::size_t kMostGramBytes = 64 << 20;
constexpr const char* kPackedSeq = "packed_seq";  // sealed_seq as of the packing

// Blocks of the old file as pieces.
class Window {
 public:
  explicit Window(Day day) : day_(day) {}

  // False when the block is damaged.
  bool add(DayReader& reader, std::int64_t id) {
    LoadedBlock& block = blocks_.emplace_back();
    if (!reader.load(id, block)) return false;
    bytes_ += block.raw.size();
    for (std::size_t i = 0; i < block.records.size(); ++i) {
      const Record& record = block.records[i];
      const bool last =
          i + 1 == block.records.size() || block.records[i + 1].console != record.console;
      const bool whole = record.kind != RecordKind::data || record.bytes.ends_with('\n');
      pieces_.push_back({record, day_, last || whole});
      // The end of a block ended this line; what comes next in the new one must not continue it.
      if (last && !whole) {
        pieces_.push_back({{record.console, RecordKind::data, record.at, {}}, day_, true});
      }
    }
    return true;
  }
  bool full() const { return bytes_ >= kWindowBytes; }
  std::vector<Piece> take_pieces() { return std::move(pieces_); }

 private:
  Day day_;
  std::size_t bytes_ = 0;
  std::deque<LoadedBlock> blocks_;  // hold the bytes of pieces_
  std::vector<Piece> pieces_;
};

// The new file while it is written.
class PackedDay {
 public:
  PackedDay(const std::filesystem::path& path, Packer& packer)
      : packer_(packer), db_(Database::create_whole(path)) {
    prepare_day(db_);
    db_.run("BEGIN");
    writer_.emplace(db_, packer_);
  }

  void add(std::vector<Piece> pieces) {
    build_blocks(std::move(pieces), [&](const Block& block) {
      grams_.push_back(writer_->write(block));
      gram_bytes_ += grams_.back().grams.bytes.size();
      if (gram_bytes_ >= kMostGramBytes) put_grams();
    });
  }

  void finish(Database& old) {
    put_grams();
    Statement put(db_, "INSERT INTO console VALUES(?,?)");
    Statement names(old, "SELECT id,name FROM console");
    while (names.step()) put.bind(1, names.integer(0)).bind(2, names.bytes(1)).run();
    const std::int64_t seq = meta_integer(old, "sealed_seq", 0);
    Statement meta(db_, "INSERT OR REPLACE INTO meta VALUES(?,?)");
    for (const char* key : {"sealed_seq", kPackedSeq}) meta.bind(1, key).bind(2, seq).run();
    db_.run("COMMIT");
  }

 private:
  void put_grams() {
    write_gram_segments(db_, packer_, std::move(grams_));
    grams_.clear();
    gram_bytes_ = 0;
  }

  Packer& packer_;
  Database db_;
  std::optional<BlockWriter> writer_;
  std::vector<GramColumn> grams_;
  std::size_t gram_bytes_ = 0;
};

void remove_file(const std::filesystem::path& path) {
  std::error_code ignored;
  std::filesystem::remove(path, ignored);
}

// Beside the day file until it takes its place.
class NewFile {
 public:
  explicit NewFile(const std::filesystem::path& day) : day_(day), path_(day.string() + "-packed") {
    remove_file(path_);
  }
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;
  ~NewFile() { remove_file(path_); }

  const std::filesystem::path& path() const { return path_; }
  void take_place() {
    sync(path_, O_RDONLY);
    // Whoever opens the day next finds no WAL to mistake for one of the new file.
    for (const char* suffix : {"-wal", "-shm"}) remove_file(day_.string() + suffix);
    std::filesystem::rename(path_, day_);
    sync(day_.parent_path(), O_RDONLY | O_DIRECTORY);
  }

 private:
  static void sync(const std::filesystem::path& path, int flags) {
    const int file = open(path.c_str(), flags | O_CLOEXEC);
    const bool ok = file >= 0 && fsync(file) == 0;
    const int error = errno;
    if (file >= 0) close(file);
    if (!ok) throw Error(errno_text("sync " + path.string(), error));
  }

  std::filesystem::path day_, path_;
};

bool is_packed(const std::filesystem::path& file) {
  Database db = Database::open_read_only(file);
  return !db.has_table("meta") ||
         meta_integer(db, kPackedSeq, -1) == meta_integer(db, "sealed_seq", 0);
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

// False when a block is damaged.
bool copy(const std::filesystem::path& folder, Day day, PackedDay& to) {
  const auto reader = DayReader::open(folder, day);
  if (!reader) return false;
  std::optional<Window> window(day);
  for (const BlockRef& ref : reader->blocks(nullptr, {})) {
    if (!window->add(*reader, ref.id)) return false;
    if (!window->full()) continue;
    to.add(window->take_pieces());
    window.emplace(day);
  }
  to.add(window->take_pieces());
  Database old = Database::open_read_only(day_path(folder, day));
  to.finish(old);
  return true;
}

}  // namespace

bool DayRepack::pack_one(WallTime now, Packer& packer) {
  const std::vector<Day> days = stored_days(folder_);
  for (const Day day : days) {
    if (day >= day_of(now) || day == days.back() || !done_.insert(day).second) continue;
    const std::filesystem::path file = day_path(folder_, day);
    try {
      if (is_packed(file) || !has_room(file)) continue;
      if (!empty_wal(file)) return done_.erase(day), false;
      pack(day, packer);
      return true;
    } catch (const std::exception& error) {
      log_warning(std::string("the day stays as it is: ") + error.what());
    }
  }
  return false;
}

void DayRepack::pack(Day day, Packer& packer) {
  NewFile packed(day_path(folder_, day));
  {
    PackedDay to(packed.path(), packer);
    if (!copy(folder_, day, to)) {
      throw Error(day_path(folder_, day).string() + " is damaged; see lastgasp db check");
    }
  }
  packed.take_place();
}

}  // namespace lastgasp
