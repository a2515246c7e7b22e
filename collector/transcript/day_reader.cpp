#include "collector/transcript/day_reader.h"

#include <algorithm>

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
  db.run("BEGIN");
  {
    // The sealer creates the file first and its tables, all at once, after that.
    Statement tables(db, "SELECT count(*) FROM sqlite_schema");
    if (tables.step() && tables.integer(0) == 0) return nullptr;
  }
  check_format(db);
  return std::unique_ptr<DayReader>(new DayReader(std::move(db), day));
}

DayReader::DayReader(Database db, Day day)
    : day_(day), db_(std::move(db)), sealed_seq_(meta_integer(db_, "sealed_seq", 0)) {}

std::vector<BlockRef> DayReader::blocks(const std::set<ConsoleId>* wanted, const TimeRange& range,
                                        const GramQuery* query) {
  if (!wanted && query && query->narrows() && index(*query).covers_file()) {
    return candidates(range, *query);
  }
  std::vector<BlockRef> blocks;
  if (wanted) {
    for (const ConsoleId console : *wanted) add_blocks_of(console, range, blocks);
  } else {
    Statement select(db_, "SELECT id,t0,t1 FROM blk WHERE t1>=? AND t0<?");
    select.bind(1, unix_micros(range.from)).bind(2, unix_micros(range.to));
    while (select.step()) {
      blocks.push_back({day_, select.integer(0), from_unix_micros(select.integer(1)),
                        from_unix_micros(select.integer(2))});
    }
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
    }
  }
  return merged;
}

void DayReader::add_blocks_of(ConsoleId console, const TimeRange& range,
                              std::vector<BlockRef>& blocks) {
  Statement select(db_, "SELECT blk,t0,t1 FROM span WHERE con=? AND t1>=? AND t0<?");
  select.bind(1, console).bind(2, unix_micros(range.from)).bind(3, unix_micros(range.to));
  while (select.step()) {
    blocks.push_back({day_, select.integer(0), from_unix_micros(select.integer(1)),
                      from_unix_micros(select.integer(2))});
  }
}

std::vector<BlockRef> DayReader::candidates(const TimeRange& range, const GramQuery& query) {
  std::vector<BlockRef> blocks;
  for (const GramBlock& block : index(query).candidates()) {
    if (block.t1 >= range.from && block.t0 < range.to) {
      blocks.push_back({day_, block.id, block.t0, block.t1});
    }
  }
  return blocks;
}

GramIndex& DayReader::index(const GramQuery& query) {
  if (!index_) index_ = std::make_unique<GramIndex>(db_, query);
  return *index_;
}

bool DayReader::may_hold(std::int64_t id, const GramQuery& query) {
  return index(query).may_hold(id);
}

bool DayReader::load(std::int64_t id, LoadedBlock& block) {
  Statement select(db_, "SELECT raw_len,crc,data FROM blk WHERE id=?");
  block.records.clear();
  return select.bind(1, id).step() &&
         unpack(select.bytes(2), static_cast<std::uint32_t>(select.integer(1)),
                static_cast<std::uint64_t>(select.integer(0)), block.raw) &&
         decode_block(block.raw, block.records);
}

}  // namespace lastgasp
