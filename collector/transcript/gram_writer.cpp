#include "collector/transcript/gram_writer.h"

#include <vector>

namespace lastgasp {

GramWriter::GramWriter(Database& db) : db_(db), put_(db, "INSERT INTO gram_set VALUES(?,?,?,?,?)") {
  Statement count(db, "SELECT count(*) FROM gram_set");
  count.step();
  open_ = count.integer(0);
}

void GramWriter::put(const GramBlock& block, const GramSet& grams) {
  put_.bind(1, block.id).bind(2, unix_micros(block.t0)).bind(3, unix_micros(block.t1));
  put_.bind(4, checksum(grams.bytes)).bind_blob(5, grams.bytes).run();
  if (++open_ >= kOpenSets) close_segment();
}

void GramWriter::close_segment() {
  std::vector<GramColumn> columns;
  {
    Statement select(db_, "SELECT blk,t0,t1,crc,data FROM gram_set ORDER BY blk LIMIT ?");
    select.bind(1, static_cast<std::int64_t>(kMostGramColumns));
    while (select.step()) {
      if (auto column = stored_gram_set(select)) columns.push_back(std::move(*column));
    }
  }
  // A damaged set goes: its block is read whatever is asked for.
  if (!columns.empty()) write_gram_segment(db_, nullptr, columns);
  db_.run("DELETE FROM gram_set");
  open_ = 0;
  merge_segments();
}

void GramWriter::merge_segments() {
  constexpr std::size_t kEnough = kMostGramColumns / kOpenSets;
  std::vector<GramSegment> small = GramSegment::all(db_);
  std::erase_if(small, [](const GramSegment& segment) { return segment.columns() != kOpenSets; });
  if (small.size() < kEnough) return;
  // Of rows as they are three parts fit a page, and a quarter of it is empty.
  Packer packer(PackLevel::fast);
  merge_gram_segments(db_, packer, std::span(small).first(kEnough));
}

}  // namespace lastgasp
