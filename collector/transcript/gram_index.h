// Which blocks of a day file may hold what a search looks for. One thread; lives as long as the
// connection it reads from, for one query.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "collector/transcript/gram_query.h"
#include "collector/transcript/gram_segment.h"
#include "collector/transcript/sqlite.h"

namespace lastgasp {

class GramIndex {
 public:
  // `query` narrows, and outlives the index.
  GramIndex(Database& db, const GramQuery& query);

  // Whether every block of the file is in a segment, so that candidates() are all there are.
  bool covers_file() const { return covers_file_; }
  // Blocks in segments that may match.
  std::vector<GramBlock> candidates();
  // False only when surely no line of the block matches. A block that is not in the index, or whose
  // part of it is damaged, may hold anything.
  bool may_hold(std::int64_t block);

 private:
  void work_out();
  GramSegment::Row matching(const GramSegment& segment);
  GramSegment::Row holding(const GramSegment& segment, const std::vector<GramHash>& grams);
  bool may_match(const std::vector<int>& pieces);
  bool open_block_may_hold(std::int64_t block);

  const GramQuery& query_;
  const std::vector<GramSegment> segments_;
  bool covers_file_ = false;
  std::optional<Statement> part_, open_;  // nothing in a file without an index
  // Every block in a segment, and whether it may match, in the order of ids; worked out when first
  // asked for.
  std::optional<std::vector<std::pair<GramBlock, bool>>> known_;
  std::map<std::vector<int>, bool> answers_;  // of may_match(), which is slow for expressions
  std::string scratch_;
};

}  // namespace lastgasp
