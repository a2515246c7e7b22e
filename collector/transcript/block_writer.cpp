#include "collector/transcript/block_writer.h"

#include <algorithm>

namespace lastgasp {

BlockWriter::BlockWriter(Database& db, Packer& packer)
    : packer_(packer),
      put_block_(db, "INSERT INTO blk VALUES(?,?,?,?,?,?,?)"),
      put_span_(db, "INSERT INTO span VALUES(?,?,?,?,?,?)") {
  Statement last(db, "SELECT ifnull(max(id),0) FROM blk");
  last.step();
  next_id_ = last.integer(0) + 1;
}

GramColumn BlockWriter::write(const Block& block) {
  const std::string raw = encode_block(block.records);
  const std::string_view packed = packer_.pack(raw);
  GramBlock written{next_id_++, WallTime::max(), WallTime::min()};
  for (const Span& span : block.spans) {
    written.t0 = std::min(written.t0, span.t0);
    written.t1 = std::max(written.t1, span.t1);
    put_span_.bind(1, span.console).bind(2, unix_micros(span.t0)).bind(3, unix_micros(span.t1));
    put_span_.bind(4, written.id).bind(5, static_cast<std::int64_t>(span.offset));
    put_span_.bind(6, static_cast<std::int64_t>(span.length)).run();
  }
  put_block_.bind(1, written.id).bind(2, unix_micros(written.t0)).bind(3, unix_micros(written.t1));
  put_block_.bind(4, static_cast<std::int64_t>(raw.size()));
  put_block_.bind(5, static_cast<std::int64_t>(block.records.size()));
  put_block_.bind(6, checksum(packed)).bind_blob(7, packed).run();
  return {written, grams_of(block.records)};
}

// Of the lines as a search assembles them.
GramSet BlockWriter::grams_of(std::span<const Record> records) {
  while (!records.empty()) {
    const auto end = std::find_if(records.begin(), records.end(), [&](const Record& record) {
      return record.console != records.front().console;
    });
    const auto count = static_cast<std::size_t>(end - records.begin());
    lines_.assemble(records.first(count));
    filter_.add(lines_.all_text());
    records = records.subspan(count);
  }
  return filter_.take();
}

}  // namespace lastgasp
