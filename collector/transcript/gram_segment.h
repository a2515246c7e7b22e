// A segment of the gram index: the sets of many blocks turned on their side, one row for each bit
// with a column for each block, so that a search reads a few rows and not every set. README.md has
// the layout. One thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collector/core/clock.h"
#include "collector/transcript/gram_filter.h"
#include "collector/transcript/record_codec.h"
#include "collector/transcript/sqlite.h"

namespace lastgasp {

inline constexpr std::size_t kMostGramColumns = 4096;  // blocks of a segment

// A block as the index knows it, so that a search need not look at blocks it can rule out.
struct GramBlock {
  std::int64_t id = 0;
  WallTime t0{}, t1{};
};

struct GramColumn {
  GramBlock block;
  GramSet grams;
};

// Writes columns whose sets have the same size, in the order of their blocks, as one segment.
void write_gram_segment(Database& db, Packer& packer, const std::vector<GramColumn>& columns);

// The sets of a day that is over, as few segments: where few sets have one size, they are repeated
// up to the next, which costs less than a search that has to ask one segment more.
void write_gram_segments(Database& db, Packer& packer, std::vector<GramColumn> columns);

// A stored segment. Reads rows through the statement of its owner.
class GramSegment {
 public:
  // By column, bit c % 64 of word c / 64.
  using Row = std::vector<std::uint64_t>;

  // Every segment of the file whose list of blocks is whole.
  static std::vector<GramSegment> all(Database& db);
  // What to prepare for read_row().
  static constexpr std::string_view kSelectPart = "SELECT crc,data FROM gram_part WHERE id=?";

  const std::vector<GramBlock>& blocks() const { return blocks_; }
  std::size_t words() const { return (blocks_.size() + 63) / 64; }
  // ANDs the row of `gram` into `row`. False, and `row` as it was, when the row is lost.
  bool and_row(Statement& select_part, GramHash gram, Row& row, std::string& scratch) const;

 private:
  std::int64_t id_ = 0;
  int bits_ = 0;
  std::vector<GramBlock> blocks_;
};

}  // namespace lastgasp
