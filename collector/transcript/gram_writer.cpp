#include "collector/transcript/gram_writer.h"

#include <vector>

namespace lastgasp {

GramWriter::GramWriter(Database& db, Packer& packer)
    : db_(db), packer_(packer), put_(db, "INSERT INTO gram_open VALUES(?,?,?,?,?)") {
  Statement count(db, "SELECT bits,count(*) FROM gram_open GROUP BY bits");
  while (count.step()) {
    open_[static_cast<int>(count.integer(0))] = static_cast<std::size_t>(count.integer(1));
  }
}

void GramWriter::put(const GramColumn& column) {
  const auto& [block, grams] = column;
  put_.bind(1, block.id).bind(2, unix_micros(block.t0)).bind(3, unix_micros(block.t1));
  put_.bind(4, grams.bits).bind_blob(5, grams.bytes).run();
  if (++open_[grams.bits] >= kOpenSets) close_segment(grams.bits);
}

void GramWriter::close_segment(int bits) {
  std::vector<GramColumn> columns;
  {
    Statement select(db_, "SELECT blk,t0,t1,data FROM gram_open WHERE bits=? ORDER BY blk LIMIT ?");
    select.bind(1, bits).bind(2, static_cast<std::int64_t>(kMostGramColumns));
    while (select.step()) {
      columns.push_back({{select.integer(0), from_unix_micros(select.integer(1)),
                          from_unix_micros(select.integer(2))},
                         {bits, select.text(3)}});
    }
  }
  write_gram_segment(db_, packer_, columns);
  Statement(db_, "DELETE FROM gram_open WHERE bits=? AND blk<=?")
      .bind(1, bits)
      .bind(2, columns.back().block.id)
      .run();
  open_[bits] -= columns.size();
}

}  // namespace lastgasp
