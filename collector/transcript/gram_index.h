// Which blocks of a day file may hold what a search looks for. One thread; lives as long as the
// connection it reads from, for one query.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "collector/transcript/gram_query.h"
#include "collector/transcript/gram_writer.h"
#include "collector/transcript/sqlite.h"

namespace lastgasp {

class GramIndex {
 public:
  // `query` narrows, and outlives the index.
  GramIndex(Database& db, const GramQuery& query);

  // False only when surely no line of the block matches. A block that is not in the index, or whose
  // part of it is damaged, may hold anything.
  bool may_hold(std::int64_t block);

 private:
  using Row = std::array<std::uint64_t, kGramColumns / 64>;  // a bit for each block of a segment
  struct Segment {
    std::int64_t id = 0;
    int bits = 0;
    std::optional<Row> may_hold;  // worked out when the first of its blocks is asked for
  };

  Row work_out(const Segment& segment);
  Row holding(const Segment& segment, const std::vector<GramHash>& grams);
  bool read_row(const Segment& segment, GramHash gram, Row& row);
  bool open_block_may_hold(std::int64_t block);

  Database& db_;
  const GramQuery& query_;
  std::vector<Segment> segments_;
  // Of each block in a segment: the segment's place above, and the column. In the order of blocks.
  std::vector<std::pair<std::int64_t, std::uint32_t>> places_;
  std::optional<Statement> part_, open_;  // nothing in a file without an index
  std::string rows_;
};

}  // namespace lastgasp
