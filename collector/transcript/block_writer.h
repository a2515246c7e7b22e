// Writes blocks into the tables of a day file. Belongs to the sealing thread.
#pragma once

#include <cstdint>
#include <span>

#include "collector/transcript/block_builder.h"
#include "collector/transcript/console_lines.h"
#include "collector/transcript/gram_segment.h"
#include "collector/transcript/record_codec.h"
#include "collector/transcript/sqlite.h"

namespace lastgasp {

class BlockWriter {
 public:
  // Blocks come after those the file has.
  BlockWriter(Database& db, Packer& packer);

  // Returns the block and its grams, for the index.
  GramColumn write(const Block& block);

 private:
  GramSet grams_of(std::span<const Record> records);

  Packer& packer_;
  GramFilter filter_;
  ConsoleLines lines_;
  Statement put_block_, put_span_;
  std::int64_t next_id_ = 1;
};

}  // namespace lastgasp
