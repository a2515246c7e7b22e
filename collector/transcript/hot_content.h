// What of the journal is not yet in day files: rows, and the lines that were open when the rows
// before them were sealed. Read by the sealer, which moves it, and by readers, which show it.
#pragma once

#include <string>
#include <vector>

#include "collector/transcript/line_split.h"
#include "collector/transcript/record.h"
#include "collector/transcript/sqlite.h"

namespace lastgasp {

class UnpackedRows;

struct HotContent {
  struct Row {
    std::int64_t seq = 0;
    WallTime t0{}, t1{};
    std::string raw;  // a journal frame, unpacked; empty when damaged
  };

  std::int64_t sealed_seq = 0;  // rows up to this one are gone
  Row open_lines;
  std::vector<Row> rows;    // by seq
  std::size_t damaged = 0;  // rows whose checksum is wrong

  std::int64_t last_seq() const { return rows.empty() ? sealed_seq : rows.back().seq; }
  WallTime newest() const;
};

// Rows up to this one are in day files, but for the open lines.
std::int64_t sealed_seq_of(Database& hot);
// Rows after `after` and up to `through`, as many as have `max_raw_bytes`, at least one. In one
// transaction. Those that are in `unpacked` are taken from there.
HotContent read_hot(Database& hot, std::int64_t after = 0, std::int64_t through = INT64_MAX,
                    std::uint64_t max_raw_bytes = UINT64_MAX, UnpackedRows* unpacked = nullptr);
// The two parts of that, in a transaction of the caller's. Rows are added to `content`, those after
// its last one; true when there are more.
HotContent read_open_lines(Database& hot);
bool read_rows(Database& hot, std::int64_t through, std::uint64_t max_raw_bytes,
               HotContent& content);

// The open lines, then the rows. The records' bytes are views of `content`.
LineSplit split_of(const HotContent& content);
// The records of `pieces` as a journal frame.
std::string frame_of(const std::vector<Piece>& pieces);

}  // namespace lastgasp
