#include "collector/transcript/block_writer.h"

#include <algorithm>

#include "collector/line/control_byte.h"

namespace lastgasp {

BlockWriter::BlockWriter(Database& db, Packer& packer, const std::string& spans)
    : packer_(packer),
      put_block_(db, "INSERT INTO blk VALUES(?,?,?,?,?,?,?)"),
      put_span_(db, "INSERT INTO " + spans + "(con,t0,t1,blk,off,len) VALUES(?,?,?,?,?,?)") {
  Statement last(db, "SELECT ifnull(max(id),0) FROM blk");
  last.step();
  next_id_ = last.integer(0) + 1;
}

GramBlock BlockWriter::write(const Block& block, bool for_good) {
  EncodedBlock encoded = encode_block(block.records);
  encoded.plain = for_good && is_plain(encoded.text());
  const std::string_view packed = packer_.pack(encoded);
  GramBlock written{next_id_++, WallTime::max(), WallTime::min()};
  for (const Span& span : block.spans) {
    written.t0 = std::min(written.t0, span.t0);
    written.t1 = std::max(written.t1, span.t1);
    put_span_.bind(1, span.console).bind(2, unix_micros(span.t0)).bind(3, unix_micros(span.t1));
    put_span_.bind(4, written.id).bind(5, static_cast<std::int64_t>(span.offset));
    put_span_.bind(6, static_cast<std::int64_t>(span.length)).run();
  }
  put_block_.bind(1, written.id).bind(2, unix_micros(written.t0)).bind(3, unix_micros(written.t1));
  put_block_.bind(4, static_cast<std::int64_t>(encoded.bytes.size()));
  put_block_.bind(5, static_cast<std::int64_t>(block.records.size()));
  put_block_.bind(6, checksum(packed)).bind_blob(7, packed).run();
  return written;
}

}  // namespace lastgasp
