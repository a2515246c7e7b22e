// Pieces of whole lines into blocks: one run of records for each console, in the order of ids, cut
// between lines at about kBlockBytes so that each block can be read on its own. Pure.
#pragma once

#include <functional>
#include <vector>

#include "collector/transcript/line_split.h"

namespace lastgasp {

inline constexpr std::size_t kBlockBytes = 256 << 10;

// Where the bytes of one console are within the text of a block.
struct Span {
  ConsoleId console = 0;
  WallTime t0{}, t1{};
  std::size_t offset = 0, length = 0;
};

struct Block {
  std::vector<Record> records;
  std::vector<Span> spans;
  std::size_t text_bytes = 0;
};

// `pieces` of one day, those of one console in order of arrival.
void build_blocks(std::vector<Piece> pieces, const std::function<void(const Block&)>& sink);

}  // namespace lastgasp
