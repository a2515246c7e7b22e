// Pieces of whole lines into blocks, each of which can be read and searched on its own: it ends
// between lines, when the set of its grams is full, or at kMostBlockBytes. So blocks of boring text
// are large and those of noise are small, and all are equally good at ruling themselves out. Pure.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "collector/line/line_assembler.h"
#include "collector/transcript/console_lines.h"
#include "collector/transcript/gram_filter.h"
#include "collector/transcript/line_split.h"

namespace lastgasp {

inline constexpr std::size_t kMostBlockBytes = 256 << 10;

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
  GramSet grams;  // of its lines as a search assembles them
};

class BlockBuilder final : private LineSink {
 public:
  explicit BlockBuilder(std::function<void(const Block&)> sink) : sink_(std::move(sink)) {}

  // Pieces of one console in order of arrival and one after the other. Their bytes must stay until
  // their block is handed over.
  void add(const Piece& piece);
  // Hands over what is left.
  void finish();

 private:
  void put(const Record& record);
  void add_span(const Record& record);
  bool join(const Record& record);
  void assemble(const Record& record);
  void end_console();
  void on_line(const Line& line) override { filter_.add(line.text); }

  const std::function<void(const Block&)> sink_;
  Block block_;
  GramFilter filter_;
  LineAssembler assembler_;
  ForcedEnd forced_;
};

// All pieces of one step, console by console in the order of ids.
void build_blocks(std::span<const Piece> pieces, const std::function<void(const Block&)>& sink);

}  // namespace lastgasp
