#include "collector/transcript/day_writer.h"

#include <algorithm>
#include <set>

#include "collector/core/log.h"
#include "collector/transcript/block_builder.h"
#include "collector/transcript/console_lines.h"
#include "collector/transcript/gram_writer.h"
#include "collector/transcript/sqlite.h"

namespace lastgasp {
namespace {

constexpr const char* kSealedSeq = "sealed_seq";

class DayWriter {
 public:
  DayWriter(Database& db, Packer& packer)
      : packer_(packer),
        grams_(db, packer),
        put_block_(db, "INSERT INTO blk VALUES(?,?,?,?,?,?,?)"),
        put_span_(db, "INSERT INTO span VALUES(?,?,?,?,?,?)") {
    Statement last(db, "SELECT ifnull(max(id),0) FROM blk");
    last.step();
    next_id_ = last.integer(0) + 1;
  }

  void write(const Block& block) {
    const std::string raw = encode_block(block.records);
    const std::string_view packed = packer_.pack(raw);
    WallTime t0 = WallTime::max(), t1 = WallTime::min();
    for (const Span& span : block.spans) {
      t0 = std::min(t0, span.t0);
      t1 = std::max(t1, span.t1);
      put_span_.bind(1, span.console).bind(2, unix_micros(span.t0)).bind(3, unix_micros(span.t1));
      put_span_.bind(4, next_id_).bind(5, static_cast<std::int64_t>(span.offset));
      put_span_.bind(6, static_cast<std::int64_t>(span.length)).run();
    }
    put_block_.bind(1, next_id_++).bind(2, unix_micros(t0)).bind(3, unix_micros(t1));
    put_block_.bind(4, static_cast<std::int64_t>(raw.size()));
    put_block_.bind(5, static_cast<std::int64_t>(block.records.size()));
    put_block_.bind(6, checksum(packed)).bind_blob(7, packed).run();
    put_grams(next_id_ - 1, block.records);
  }

 private:
  // Of the lines as a search assembles them.
  void put_grams(std::int64_t id, std::span<const Record> records) {
    while (!records.empty()) {
      const auto end = std::find_if(records.begin(), records.end(), [&](const Record& record) {
        return record.console != records.front().console;
      });
      const auto count = static_cast<std::size_t>(end - records.begin());
      lines_.assemble(records.first(count));
      filter_.add(lines_.all_text());
      records = records.subspan(count);
    }
    grams_.put(id, filter_.take());
  }

  Packer& packer_;
  GramWriter grams_;
  GramFilter filter_;
  ConsoleLines lines_;
  Statement put_block_, put_span_;
  std::int64_t next_id_ = 1;
};

void write_names(Database& db, const std::vector<Piece>& pieces, const ConsoleNames& names) {
  std::set<ConsoleId> present;
  for (const Piece& piece : pieces) present.insert(piece.record.console);
  Statement put(db, "INSERT OR IGNORE INTO console VALUES(?,?)");
  for (const ConsoleId id : present) {
    const auto name = names.find(id);
    if (name != names.end()) put.bind(1, id).bind(2, name->second).run();
  }
}

// Calls `use` with each day file that can be read.
template <typename Use>
void each_day(const std::filesystem::path& folder, Use use) {
  for (const Day day : stored_days(folder)) {
    try {
      Database db = Database::open_read_only(day_path(folder, day));
      use(db);
    } catch (const Error& error) {
      log_warning(std::string("day file left out: ") + error.what());
    }
  }
}

}  // namespace

void write_day(const std::filesystem::path& folder, Day day, const std::vector<Piece>& pieces,
               std::int64_t seq, const ConsoleNames& names, Packer& packer) {
  std::filesystem::create_directories(folder / "days");
  Database db = Database::create(day_path(folder, day));
  prepare_day(db);
  if (meta_integer(db, kSealedSeq, 0) >= seq) return;
  Transaction transaction(db);
  DayWriter writer(db, packer);
  build_blocks(pieces, [&](const Block& block) { writer.write(block); });
  write_names(db, pieces, names);
  Statement(db, "INSERT OR REPLACE INTO meta VALUES('sealed_seq', ?)").bind(1, seq).run();
  transaction.commit();
}

std::int64_t highest_sealed_seq(const std::filesystem::path& folder) {
  std::int64_t highest = 0;
  each_day(folder,
           [&](Database& db) { highest = std::max(highest, meta_integer(db, kSealedSeq, 0)); });
  return highest;
}

ConsoleNames names_in_days(const std::filesystem::path& folder) {
  ConsoleNames names;
  each_day(folder, [&](Database& db) {
    Statement select(db, "SELECT id,name FROM console");
    while (select.step()) names[static_cast<ConsoleId>(select.integer(0))] = select.text(1);
  });
  return names;
}

}  // namespace lastgasp
