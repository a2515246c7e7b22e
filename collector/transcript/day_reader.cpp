#include "collector/transcript/day_reader.h"

#include <algorithm>
#include <utility>

#include "collector/transcript/record_codec.h"

namespace lastgasp {

std::span<const Record> LoadedBlock::of(ConsoleId console) const {
  const auto [begin, end] =
      std::equal_range(records.begin(), records.end(), Record{console},
                       [](const Record& a, const Record& b) { return a.console < b.console; });
  return {begin, end};
}

std::unique_ptr<DayReader> DayReader::open(const std::filesystem::path& folder, Day day) {
  if (!std::filesystem::exists(day_path(folder, day))) return nullptr;
  Database db = Database::open_read_only(day_path(folder, day));
  // A search reads most pages once, and many days are open at a time.
  db.run("PRAGMA cache_size=32; BEGIN");
  if (!holds_tables(db)) return nullptr;
  const Meta meta = read_meta(db);
  check_format(meta, db.path());
  return std::unique_ptr<DayReader>(new DayReader(std::move(db), day, meta));
}

DayReader::DayReader(Database db, Day day, const Meta& meta)
    : day_(day), db_(std::move(db)), meta_(meta) {}

void DayReader::rest() {
  load_.reset();
  Statement(db_, "COMMIT").run();
}

bool DayReader::renew() {
  try {
    if (db_.file_moved()) return false;
    Statement(db_, "BEGIN").run();
    newest_.reset();
    meta_ = read_meta(db_);
    return meta_.present && meta_.format <= kFormat;
  } catch (const SqliteError&) {
    return false;
  }
}

std::vector<BlockRef> DayReader::blocks(const std::set<ConsoleId>* wanted, const TimeRange& range,
                                        const GramQuery* query) {
  const std::optional<GramIndex> index = index_for(query);
  if (index && index->covers_file() && !wanted) {
    std::vector<BlockRef> blocks;
    for (const GramBlock& block : index->candidates()) {
      if (block.t1 >= range.from && block.t0 < range.to)
        blocks.push_back({day_, block.id, block.t0, block.t1});
    }
    return blocks;
  }
  if (index && index->covers_file() && index->candidates().empty()) return {};
  std::vector<BlockRef> blocks = wanted ? of_consoles(*wanted, range) : in_time(range);
  if (index) std::erase_if(blocks, [&](const BlockRef& b) { return !index->may_hold(b.id); });
  return blocks;
}

// Nothing when it cannot narrow: then every block is read.
std::optional<GramIndex> DayReader::index_for(const GramQuery* query) {
  if (!query || !query->narrows()) return std::nullopt;
  try {
    return std::make_optional<GramIndex>(db_, *query, meta_);
  } catch (const SqliteError&) {
    return std::nullopt;  // the blocks themselves may be whole
  }
}

std::vector<BlockRef> DayReader::in_time(const TimeRange& range) {
  std::vector<BlockRef> blocks;
  Statement select(db_, "SELECT id,t0,t1 FROM blk WHERE t1>=? AND t0<? ORDER BY id");
  select.bind(1, unix_micros(range.from)).bind(2, unix_micros(range.to));
  while (select.step()) {
    blocks.push_back({day_, select.integer(0), from_unix_micros(select.integer(1)),
                      from_unix_micros(select.integer(2))});
  }
  return blocks;
}

std::vector<BlockRef> DayReader::of_consoles(const std::set<ConsoleId>& wanted,
                                             const TimeRange& range) {
  std::vector<BlockRef> blocks;
  Statement select(
      db_, "SELECT blk,t0,t1,len FROM " + span_source(db_) + " WHERE con=? AND t1>=? AND t0<?");
  for (const ConsoleId console : wanted) {
    select.bind(1, console).bind(2, unix_micros(range.from)).bind(3, unix_micros(range.to));
    while (select.step()) {
      blocks.push_back({day_, select.integer(0), from_unix_micros(select.integer(1)),
                        from_unix_micros(select.integer(2)),
                        static_cast<std::uint64_t>(select.integer(3))});
    }
    select.reset();
  }
  std::sort(blocks.begin(), blocks.end(),
            [](const BlockRef& a, const BlockRef& b) { return a.id < b.id; });
  // One block may hold several of the consoles.
  std::vector<BlockRef> merged;
  for (const BlockRef& block : blocks) {
    if (merged.empty() || merged.back().id != block.id) {
      merged.push_back(block);
    } else {
      merged.back().t0 = std::min(merged.back().t0, block.t0);
      merged.back().t1 = std::max(merged.back().t1, block.t1);
      merged.back().bytes += block.bytes;
    }
  }
  return merged;
}

WallTime DayReader::newest() {
  if (newest_) return *newest_;
  Statement select(db_, "SELECT max(t1) FROM blk INDEXED BY blk_time");
  select.step();
  newest_ = select.is_null(0) ? WallTime::min() : from_unix_micros(select.integer(0));
  return *newest_;
}

// The row of load_, which has raw_len, crc and data.
bool DayReader::find(std::int64_t id, LoadedBlock& block) {
  if (!dictionary_ && meta_.format >= 3) dictionary_ = TextDictionary::read(db_);
  if (!load_) load_.emplace(db_, "SELECT raw_len,crc,data FROM blk WHERE id=?");
  block.records.clear();
  block.packed_table.clear();
  block.text = {};
  block.plain = false;
  load_->reset();
  return load_->bind(1, id).step();
}

bool DayReader::load(std::int64_t id, LoadedBlock& block) {
  return load_text(id, block) && (block.packed_table.empty() || complete(block));
}

bool DayReader::load_text(std::int64_t id, LoadedBlock& block) {
  if (!find(id, block)) return false;
  const std::string_view packed = load_->bytes(2);
  const auto crc = static_cast<std::uint32_t>(load_->integer(1));
  const auto raw_len = static_cast<std::uint64_t>(load_->integer(0));
  const auto text = unpack_text(packed, crc, raw_len, block.raw, dictionary_.get());
  if (!text) {
    const bool sound = unpack(packed, crc, raw_len, block.raw, dictionary_.get()) &&
                       decode_block(block.raw, block.records);
    block.text = text_of(block.records);
    return sound;
  }
  block.text = std::string_view(block.raw).substr(text->table_bytes);
  block.plain = text->plain;
  block.packed_table = text->table_frame;
  return true;
}

bool DayReader::complete(LoadedBlock& block) {
  const std::string table = std::exchange(block.packed_table, {});
  const std::size_t table_bytes = block.raw.size() - block.text.size();
  return unpack_table(table, table_bytes, block.raw, dictionary_.get()) &&
         decode_block(block.raw, block.records);
}

}  // namespace lastgasp
