// Adds the grams of blocks to a day file's index. Belongs to the sealing thread.
//
// A block's set is kept by itself (`gopen`) until kGramColumns blocks have sets of the same size;
// then they become a segment (`gseg`, `gix`): turned on its side, one row for each bit with a
// column for each block, so that a search reads a few rows and not every set.
#pragma once

#include <cstdint>
#include <map>

#include "collector/transcript/gram_filter.h"
#include "collector/transcript/record_codec.h"
#include "collector/transcript/sqlite.h"

namespace lastgasp {

inline constexpr std::size_t kGramColumns = 512;  // blocks of a segment
inline constexpr std::size_t kGramRowBytes = kGramColumns / 8;
inline constexpr std::size_t kGramPartRows = 64;  // rows of one `gix`
// The id of a segment's part: segments count from 1.
constexpr std::int64_t gram_part_id(std::int64_t segment, std::size_t part) {
  return (segment << 20) | static_cast<std::int64_t>(part);
}

class GramWriter {
 public:
  // Within the transaction that adds the blocks.
  GramWriter(Database& db, Packer& packer);
  void put(std::int64_t block, const GramSet& grams);

 private:
  void close_segment(int bits);

  Database& db_;
  Packer& packer_;
  Statement put_;
  std::map<int, std::size_t> open_;  // sets in gopen, by their bits
};

}  // namespace lastgasp
