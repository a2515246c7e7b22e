// Writes blocks into the tables of a day file. Belongs to the sealing thread.
#pragma once

#include <cstdint>
#include <string>

#include "collector/transcript/block_builder.h"
#include "collector/transcript/gram_segment.h"
#include "collector/transcript/record_codec.h"
#include "collector/transcript/sqlite.h"

namespace lastgasp {

class BlockWriter {
 public:
  // Blocks come after those the file has; their spans go to the table `spans`.
  BlockWriter(Database& db, Packer& packer, const std::string& spans);

  // Returns the block as the index has it. When `for_good`, readers are told if its text is plain.
  GramBlock write(const Block& block, bool for_good);

 private:
  Packer& packer_;
  Statement put_block_, put_span_;
  std::int64_t next_id_ = 1;
};

}  // namespace lastgasp
