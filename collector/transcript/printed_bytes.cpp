#include "collector/transcript/printed_bytes.h"

#include <algorithm>

#include "collector/transcript/snapshot.h"

namespace lastgasp {

std::string PrintedBytes::next(Snapshot& snapshot, ConsoleId id, std::size_t most) {
  std::string piece;
  if (ended_) return piece;
  const std::size_t damaged_journal = snapshot.damaged();
  for (const Day day : snapshot.days()) {
    // The end of a line that began before midnight is with its beginning.
    if (day < day_ || start_of(day) >= end_ || start_of(day + 2) <= range_.from) continue;
    if (day > day_) passed_ = 0;
    day_ = day;
    if (!add_day(snapshot, id, most, piece)) {
      damaged_ += snapshot.damaged() - damaged_journal;
      return piece;
    }
  }
  ended_ = true;
  damaged_ += snapshot.damaged();
  return piece;
}

// False when the piece is long enough.
bool PrintedBytes::add_day(Snapshot& snapshot, ConsoleId id, std::size_t most, std::string& piece) {
  const std::set<ConsoleId> wanted{id};
  std::uint64_t begin = 0;  // of the block, among the day's bytes of the console
  for (const BlockRef& ref : snapshot.blocks(day_, &wanted, {})) {
    const std::uint64_t end = begin + ref.bytes;
    const bool inside = ref.t1 >= range_.from && ref.t0 < end_;
    if (const auto block = inside && end > passed_ ? snapshot.load(ref) : nullptr) {
      if (passed_ <= begin) line_open_ = false;  // blocks hold whole lines
      if (!add_records(block->of(id), begin, most, piece)) return false;
    }
    passed_ = std::max(passed_, end);
    begin = end;
  }
  return true;
}

// The first begins at byte `begin` of the day. False when the piece is long enough.
bool PrintedBytes::add_records(std::span<const Record> records, std::uint64_t begin,
                               std::size_t most, std::string& piece) {
  for (Record record : records) {
    const std::uint64_t end = begin + record.bytes.size();
    // Parts of a record may have become one since, so that what was passed ends within it.
    if (passed_ > begin) record.bytes.remove_prefix(std::min(passed_, end) - begin);
    const bool fresh = end > passed_ || (end == passed_ && begin == end);
    begin = end;
    if (!fresh) continue;
    add(record, piece);
    passed_ = end;
    if (piece.size() >= most) return false;
  }
  return true;
}

void PrintedBytes::add(const Record& record, std::string& piece) {
  if (is_line_end(record)) line_open_ = false;
  if (record.kind != RecordKind::data || record.bytes.empty()) return;
  if (record.at >= range_.from && record.at < range_.to) {
    piece += record.bytes;
    line_open_ = record.bytes.back() != '\n';
  } else if (line_open_ && record.at >= range_.to && record.at < end_) {
    const auto line_end = record.bytes.find('\n');
    line_open_ = line_end == std::string_view::npos;
    piece += record.bytes.substr(0, line_open_ ? line_end : line_end + 1);
  } else {
    line_open_ = false;
  }
}

}  // namespace lastgasp
