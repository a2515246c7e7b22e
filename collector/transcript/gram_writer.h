// Adds the grams of blocks to the index of a day that goes on. Belongs to the sealing thread.
//
// A block's set is kept by itself (`gram_set`) until there are kOpenSets; then they become a
// segment. As many of these as fill a whole one become it: in between, a set would be written once
// more for a few rows less to read.
#pragma once

#include <cstdint>

#include "collector/transcript/gram_segment.h"

namespace lastgasp {

class GramWriter {
 public:
  // A search reads every open set, and rows of every segment.
  static constexpr std::int64_t kOpenSets = 128;

  explicit GramWriter(Database& db);
  // Within the transaction that adds the blocks.
  void put(const GramBlock& block, const GramSet& grams);

 private:
  void close_segment();
  void merge_segments();

  Database& db_;
  Statement put_;
  std::int64_t open_ = 0;
};

}  // namespace lastgasp
