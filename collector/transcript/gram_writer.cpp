#include "collector/transcript/gram_writer.h"

#include <string>

namespace lastgasp {
namespace {

void put_varint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
  out += static_cast<char>(value);
}

// Sets the block's column in every row whose bit it has.
void put_column(std::string_view set, std::size_t column, std::string& rows) {
  char* const at = rows.data() + column / 8;
  const auto bit = static_cast<char>(1 << (column % 8));
  for (std::size_t byte = 0; byte < set.size(); ++byte) {
    for (unsigned bits = static_cast<unsigned char>(set[byte]); bits != 0; bits &= bits - 1) {
      const std::size_t row = byte * 8 + static_cast<std::size_t>(__builtin_ctz(bits));
      at[row * kGramRowBytes] = static_cast<char>(at[row * kGramRowBytes] | bit);
    }
  }
}

}  // namespace

GramWriter::GramWriter(Database& db, Packer& packer)
    : db_(db), packer_(packer), put_(db, "INSERT INTO gopen VALUES(?,?,?)") {
  Statement count(db, "SELECT bits,count(*) FROM gopen GROUP BY bits");
  while (count.step()) {
    open_[static_cast<int>(count.integer(0))] = static_cast<std::size_t>(count.integer(1));
  }
}

void GramWriter::put(std::int64_t block, const GramSet& grams) {
  put_.bind(1, block).bind(2, grams.bits).bind_blob(3, grams.bytes).run();
  if (++open_[grams.bits] >= kGramColumns) close_segment(grams.bits);
}

void GramWriter::close_segment(int bits) {
  std::string rows((std::size_t{1} << bits) * kGramRowBytes, '\0');
  std::string blocks;
  {
    Statement select(db_, "SELECT blk,data FROM gopen WHERE bits=? ORDER BY blk LIMIT ?");
    select.bind(1, bits).bind(2, static_cast<std::int64_t>(kGramColumns));
    std::int64_t before = 0;
    for (std::size_t column = 0; select.step(); ++column) {
      put_varint(blocks, static_cast<std::uint64_t>(select.integer(0) - before));
      before = select.integer(0);
      put_column(select.bytes(1), column, rows);
    }
  }
  Statement last(db_, "SELECT ifnull(max(id),0)+1 FROM gseg");
  last.step();
  const std::int64_t segment = last.integer(0);
  Statement(db_, "INSERT INTO gseg VALUES(?,?,?)")
      .bind(1, segment)
      .bind(2, bits)
      .bind_blob(3, blocks)
      .run();
  Statement put(db_, "INSERT INTO gix VALUES(?,?,?)");
  constexpr std::size_t kPartBytes = kGramPartRows * kGramRowBytes;
  for (std::size_t part = 0; part * kPartBytes < rows.size(); ++part) {
    const std::string_view packed =
        packer_.pack(std::string_view(rows).substr(part * kPartBytes, kPartBytes));
    put.bind(1, gram_part_id(segment, part)).bind(2, checksum(packed)).bind_blob(3, packed).run();
  }
  Statement(db_, "DELETE FROM gopen WHERE bits=?").bind(1, bits).run();
  open_[bits] = 0;
}

}  // namespace lastgasp
