// A segment of the gram index: the sets of many blocks turned on their side, one row for each bit
// with a column for each block, so that a search reads a few rows and not every set. README.md has
// the layout. One thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
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

// Writes up to kMostGramColumns columns, in the order of their blocks, as one segment; its rows as
// they are unless there is a packer.
void write_gram_segment(Database& db, Packer* packer, std::span<const GramColumn> columns);

// A stored segment. Reads rows through the statement of its owner.
class GramSegment {
 public:
  // By column, bit c % 64 of word c / 64; bits behind the last column mean nothing.
  using Row = std::vector<std::uint64_t>;

  // What to prepare for and_row().
  static constexpr std::string_view kSelectRows = "SELECT crc,data FROM gram_rows WHERE id=?";

  GramSegment(std::int64_t id, std::size_t columns) : id_(id), columns_(columns) {}

  // Every segment of the file, by id.
  static std::vector<GramSegment> all(Database& db);

  std::int64_t id() const { return id_; }
  std::size_t columns() const { return columns_; }
  std::size_t words() const { return (columns_ + 63) / 64; }
  // ANDs the row of `gram` into `row`. False, and `row` as it was, when the row is lost.
  bool and_row(Statement& select_rows, GramHash gram, Row& row, std::string& scratch) const;
  // The blocks of its columns; nothing when the list of them is damaged.
  std::optional<std::vector<GramBlock>> blocks(Database& db) const;

  // The sets of its columns, put together again. Returns how many rows are lost; their bits are 1.
  std::size_t read_sets(Database& db, std::vector<GramSet>& sets) const;
  // The 64 rows from 64 * `stripe`, one each `step` bytes from `to`; all ones where they are lost.
  // Returns how many are.
  std::size_t copy_stripe(Statement& select_rows, std::size_t stripe, char* to, std::size_t step,
                          std::string& scratch) const;

 private:
  const char* read_part(Statement& select_rows, std::size_t row, std::string& scratch) const;

  std::int64_t id_;
  std::size_t columns_;
};

// Puts one segment, packed, in the place of several, if each has a multiple of 64 columns and a
// sound list of blocks, and all together no more than kMostGramColumns. False, and nothing has
// changed, if not.
bool merge_gram_segments(Database& db, Packer& packer, std::span<const GramSegment> segments);

// The set in the row of a statement whose columns are those of `gram_set`; nothing when damaged.
std::optional<GramColumn> stored_gram_set(const Statement& row);

}  // namespace lastgasp
