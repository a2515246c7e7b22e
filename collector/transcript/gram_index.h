// Which blocks of a day file may hold what a search looks for. One thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "collector/transcript/gram_query.h"
#include "collector/transcript/gram_segment.h"
#include "collector/transcript/schema.h"
#include "collector/transcript/sqlite.h"

namespace lastgasp {

class GramIndex {
 public:
  // Reads what it needs of the index of the file, whose `meta` says what it has. `query` narrows,
  // and outlives this. Throws SqliteError when the file has no index, or one that cannot be read.
  GramIndex(Database& db, const GramQuery& query, const Meta& meta = {});

  // Whether every block of the file is in the index, so that candidates() are all that may match.
  bool covers_file() const { return covers_file_; }
  // Blocks of the index that may match, by id.
  const std::vector<GramBlock>& candidates() const { return candidates_; }
  // False only when surely no line of the block matches. A block that is not in the index, or whose
  // part of it is damaged, may hold anything.
  bool may_hold(std::int64_t block) const;

 private:
  bool covers(Database& db, std::int64_t known);
  std::int64_t read_segments(Database& db);
  std::int64_t read_sets(Database& db);
  void read_indexed(Database& db);
  GramSegment::Row matching(const GramSegment& segment, Statement& select_rows);
  GramSegment::Row holding(const GramSegment& segment, const std::vector<GramHash>& grams,
                           Statement& select_rows);
  bool may_match(const GramSet& set);
  bool may_match(const std::vector<int>& pieces);

  const GramQuery& query_;
  std::vector<std::vector<GramHash>> pieces_;  // of the query: those grams that the sets have
  bool covers_file_ = false;
  std::vector<GramBlock> candidates_;
  std::vector<std::int64_t> indexed_;         // ids, rising, unless the index covers the file
  std::map<std::vector<int>, bool> answers_;  // of may_match(), which is slow for expressions
  std::string scratch_;
};

}  // namespace lastgasp
