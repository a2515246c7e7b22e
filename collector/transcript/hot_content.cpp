#include "collector/transcript/hot_content.h"

#include <algorithm>

#include "collector/transcript/record_codec.h"
#include "collector/transcript/unpacked_rows.h"

namespace lastgasp {
namespace {

// From columns seq, t0, t1, raw_len, crc, data.
HotContent::Row row_of(const Statement& select, std::size_t& damaged, UnpackedRows* unpacked) {
  HotContent::Row row{select.integer(0),
                      from_unix_micros(select.integer(1)),
                      from_unix_micros(select.integer(2)),
                      {}};
  if (unpacked) row.raw = unpacked->take(row.seq);
  if (!row.raw.empty()) return row;
  if (!unpack(select.bytes(5), static_cast<std::uint32_t>(select.integer(4)),
              static_cast<std::uint64_t>(select.integer(3)), row.raw)) {
    row.raw.clear();
    ++damaged;
  }
  return row;
}

void add_row(const HotContent::Row& row, LineSplit& split) {
  std::vector<Record> records;
  decode_frame(row.raw, records);
  split.add(records);
}

// True when there are more.
bool add_rows(Database& hot, std::int64_t after, std::int64_t through, std::uint64_t max_raw_bytes,
              UnpackedRows* unpacked, HotContent& content) {
  Statement select(hot,
                   "SELECT seq,t0,t1,raw_len,crc,data FROM journal WHERE seq>? AND seq<=?"
                   " ORDER BY seq");
  select.bind(1, after).bind(2, through);
  std::uint64_t raw_bytes = 0;
  while (select.step()) {
    raw_bytes += static_cast<std::uint64_t>(select.integer(3));
    if (raw_bytes > max_raw_bytes && !content.rows.empty()) return true;
    content.rows.push_back(row_of(select, content.damaged, unpacked));
  }
  return false;
}

}  // namespace

WallTime HotContent::newest() const {
  WallTime newest = open_lines.t1;
  for (const Row& row : rows) newest = std::max(newest, row.t1);
  return newest;
}

std::int64_t sealed_seq_of(Database& hot) {
  Statement sealed(hot, "SELECT ifnull(max(seq),0) FROM open_lines");
  sealed.step();
  return sealed.integer(0);
}

HotContent read_hot(Database& hot, std::int64_t after, std::int64_t through,
                    std::uint64_t max_raw_bytes, UnpackedRows* unpacked) {
  const ReadTransaction transaction(hot);
  HotContent content = read_open_lines(hot);
  add_rows(hot, after, through, max_raw_bytes, unpacked, content);
  return content;
}

HotContent read_open_lines(Database& hot) {
  HotContent content;
  Statement open(hot, "SELECT seq,t0,t1,raw_len,crc,data FROM open_lines");
  if (open.step()) {
    content.open_lines = row_of(open, content.damaged, nullptr);
    content.sealed_seq = content.open_lines.seq;
  }
  return content;
}

bool read_rows(Database& hot, std::int64_t through, std::uint64_t max_raw_bytes,
               HotContent& content) {
  return add_rows(hot, content.last_seq(), through, max_raw_bytes, nullptr, content);
}

LineSplit split_of(const HotContent& content) {
  LineSplit split;
  add_row(content.open_lines, split);
  for (const HotContent::Row& row : content.rows) add_row(row, split);
  return split;
}

std::string frame_of(const std::vector<Piece>& pieces) {
  std::string frame;
  std::int64_t previous = 0;
  for (const Piece& piece : pieces) append_to_frame(frame, piece.record, previous);
  return frame;
}

}  // namespace lastgasp
