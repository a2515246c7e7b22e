// One line of a console by its name, with what the console printed around it. One thread.
#pragma once

#include <string>
#include <vector>

#include "collector/transcript/earlier_lines.h"
#include "collector/transcript/reader.h"

namespace lastgasp {

class LineLookup {
 public:
  LineLookup(Snapshot& snapshot, ConsoleId id, const std::string& console)
      : snapshot_(snapshot), earlier_(snapshot), id_(id), console_(console) {}

  std::vector<FoundLine> find(const LineId& id, std::size_t before, std::size_t after);

 private:
  // Where `at` and `nth` are among the lines of a block; its size when they are not.
  std::size_t place_in(const BlockRef& ref, const LineId& id);
  bool load(const BlockRef& ref);
  FoundLine line(const BlockRef& ref, std::size_t i);
  // The lines of blocks before or after `ref`, the nearest first.
  std::vector<FoundLine> beyond(BlockRef ref, bool after, std::size_t count);

  Snapshot& snapshot_;
  EarlierLines earlier_;
  const ConsoleId id_;
  const std::string& console_;
  std::shared_ptr<const LoadedBlock> block_;  // loaded last
  ConsoleLines lines_;                        // of it
};

}  // namespace lastgasp
