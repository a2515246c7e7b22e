// A day file that takes the place of another once it is whole: blocks, gram index, names. Until
// then it is a file beside it. Belongs to the sealing thread.
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "collector/transcript/block_writer.h"
#include "collector/transcript/gram_segment.h"
#include "collector/transcript/sqlite.h"

namespace lastgasp {

class PackedDay {
 public:
  // Begins the file that will replace `day`. Blocks are packed by `blocks`, which uses `dictionary`
  // when that is not null.
  PackedDay(std::filesystem::path day, Packer& blocks, const TextDictionary* dictionary);
  PackedDay(const PackedDay&) = delete;
  PackedDay& operator=(const PackedDay&) = delete;
  // Removes the file unless it took its place.
  ~PackedDay();

  void add(const Block& block);
  // Takes over what else `old` has; the file is on disk and in place when it returns.
  void replace(Database& old);

 private:
  void put_grams();
  void copy_names(Database& old);
  void take_place();

  const std::filesystem::path day_, path_;
  Packer grams_packer_{PackLevel::fast};  // sets are noise, which no level makes smaller
  std::optional<Database> db_;
  std::optional<BlockWriter> writer_;
  std::vector<GramColumn> grams_;
};

}  // namespace lastgasp
