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

// One view of the database for several statements.
class ReadTransaction {
 public:
  explicit ReadTransaction(Database& db) : db_(db) { db_.run("BEGIN"); }
  ReadTransaction(const ReadTransaction&) = delete;
  ReadTransaction& operator=(const ReadTransaction&) = delete;
  ~ReadTransaction() {
    try {
      db_.run("COMMIT");
    } catch (const SqliteError&) {  // nothing was written
    }
  }

 private:
  Database& db_;
};

}  // namespace

HotContent read_hot(Database& hot, std::int64_t after, std::int64_t through,
                    std::uint64_t max_raw_bytes, UnpackedRows* unpacked) {
  HotContent content;
  const ReadTransaction transaction(hot);
  Statement open(hot, "SELECT seq,t0,t1,raw_len,crc,data FROM open_lines");
  if (open.step()) {
    content.open_lines = row_of(open, content.damaged, nullptr);
    content.sealed_seq = content.open_lines.seq;
  }
  Statement select(hot,
                   "SELECT seq,t0,t1,raw_len,crc,data FROM journal WHERE seq>? AND seq<=?"
                   " ORDER BY seq");
  select.bind(1, after).bind(2, through);
  std::uint64_t raw_bytes = 0;
  while (select.step()) {
    raw_bytes += static_cast<std::uint64_t>(select.integer(3));
    if (raw_bytes > max_raw_bytes && !content.rows.empty()) break;
    content.rows.push_back(row_of(select, content.damaged, unpacked));
  }
  return content;
}

LineSplit split_of(const HotContent& content, std::int64_t through) {
  LineSplit split;
  WallTime newest = content.open_lines.t1;
  add_row(content.open_lines, split);
  for (const HotContent::Row& row : content.rows) {
    if (row.seq > through) break;
    add_row(row, split);
    newest = std::max(newest, row.t1);
  }
  split.end_stale(newest);
  return split;
}

void add_open_lines(const HotContent& content, LineSplit& split) {
  add_row(content.open_lines, split);
}

void add_rows(const HotContent& content, std::int64_t after, LineSplit& split) {
  for (const HotContent::Row& row : content.rows) {
    if (row.seq > after) add_row(row, split);
  }
}

}  // namespace lastgasp
