// Adds the grams of blocks to the index of a day that goes on. Belongs to the sealing thread.
//
// A block's set is kept by itself (`gram_open`) until kOpenSets blocks have sets of the same size;
// then they become a segment.
#pragma once

#include <cstdint>
#include <map>

#include "collector/transcript/gram_segment.h"

namespace lastgasp {

class GramWriter {
 public:
  static constexpr std::size_t kOpenSets = 512;

  // Within the transaction that adds the blocks.
  GramWriter(Database& db, Packer& packer);
  void put(const GramColumn& column);

 private:
  void close_segment(int bits);

  Database& db_;
  Packer& packer_;
  Statement put_;
  std::map<int, std::size_t> open_;  // sets in gram_open, by their bits
};

}  // namespace lastgasp
