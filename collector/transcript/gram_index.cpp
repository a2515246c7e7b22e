#include "collector/transcript/gram_index.h"

#include <algorithm>
#include <cstring>

#include "collector/transcript/record_codec.h"

namespace lastgasp {
namespace {

constexpr std::uint32_t kColumnBits = 9;
static_assert(kGramColumns == 1U << kColumnBits);

std::vector<std::int64_t> blocks_of(std::string_view varints) {
  std::vector<std::int64_t> blocks;
  std::int64_t block = 0;
  std::uint64_t value = 0;
  unsigned shift = 0;
  for (const char c : varints) {
    value |= std::uint64_t{static_cast<unsigned char>(c) & 0x7fU} << shift;
    shift = (static_cast<unsigned char>(c) & 0x80U) != 0 ? shift + 7 : 0;
    if (shift > 0) continue;
    block += static_cast<std::int64_t>(value);
    blocks.push_back(block);
    value = 0;
  }
  return blocks;
}

}  // namespace

GramIndex::GramIndex(Database& db, const GramQuery& query) : db_(db), query_(query) {
  if (!db.has_table("gix")) return;
  part_.emplace(db, "SELECT crc,data FROM gix WHERE id=?");
  open_.emplace(db, "SELECT bits,data FROM gopen WHERE blk=?");
  Statement select(db, "SELECT id,bits,blks FROM gseg");
  while (select.step()) {
    const auto place = static_cast<std::uint32_t>(segments_.size()) << kColumnBits;
    segments_.push_back({select.integer(0), static_cast<int>(select.integer(1)), {}});
    const std::vector<std::int64_t> blocks = blocks_of(select.bytes(2));
    for (std::size_t column = 0; column < std::min(blocks.size(), kGramColumns); ++column) {
      places_.emplace_back(blocks[column], place | static_cast<std::uint32_t>(column));
    }
  }
  std::sort(places_.begin(), places_.end());
}

bool GramIndex::may_hold(std::int64_t block) {
  if (!part_) return true;
  const auto place = std::lower_bound(places_.begin(), places_.end(), std::pair{block, 0U});
  if (place == places_.end() || place->first != block) return open_block_may_hold(block);
  Segment& segment = segments_[place->second >> kColumnBits];
  if (!segment.may_hold) segment.may_hold = work_out(segment);
  const std::uint32_t column = place->second & (kGramColumns - 1);
  return (((*segment.may_hold)[column / 64] >> (column % 64)) & 1U) != 0;
}

GramIndex::Row GramIndex::work_out(const Segment& segment) {
  const auto& pieces = query_.pieces();
  std::vector<Row> rows;
  for (const auto& grams : pieces) rows.push_back(holding(segment, grams));
  Row out{};
  std::vector<int> present;
  for (std::size_t column = 0; column < kGramColumns; ++column) {
    present.clear();
    for (std::size_t piece = 0; piece < pieces.size(); ++piece) {
      if (((rows[piece][column / 64] >> (column % 64)) & 1U) != 0) {
        present.push_back(static_cast<int>(piece));
      }
    }
    if (!present.empty() && query_.may_match(present)) {
      out[column / 64] |= std::uint64_t{1} << (column % 64);
    }
  }
  return out;
}

// The blocks that have all of these grams.
GramIndex::Row GramIndex::holding(const Segment& segment, const std::vector<GramHash>& grams) {
  Row all;
  all.fill(~std::uint64_t{0});
  for (const GramHash gram : grams) {
    Row row;
    if (!read_row(segment, gram, row)) continue;
    for (std::size_t i = 0; i < all.size(); ++i) all[i] &= row[i];
    if (std::all_of(all.begin(), all.end(), [](std::uint64_t word) { return word == 0; })) break;
  }
  return all;
}

bool GramIndex::read_row(const Segment& segment, GramHash gram, Row& row) {
  const std::size_t number = gram & ((GramHash{1} << segment.bits) - 1);
  part_->reset();
  part_->bind(1, gram_part_id(segment.id, number / kGramPartRows));
  const std::size_t offset = number % kGramPartRows * kGramRowBytes;
  if (!part_->step() || !unpack(part_->bytes(1), static_cast<std::uint32_t>(part_->integer(0)),
                                kGramPartRows * kGramRowBytes, rows_)) {
    return false;
  }
  for (std::size_t i = 0; i < row.size(); ++i) {
    std::uint64_t word = 0;
    for (std::size_t byte = 0; byte < 8; ++byte) {
      word |= std::uint64_t{static_cast<unsigned char>(rows_[offset + i * 8 + byte])} << (8 * byte);
    }
    row[i] = word;
  }
  return true;
}

bool GramIndex::open_block_may_hold(std::int64_t block) {
  open_->reset();
  if (!open_->bind(1, block).step()) return true;
  const GramSet set{static_cast<int>(open_->integer(0)), open_->text(1)};
  if (set.bits < kLeastGramBits || set.bits > kMostGramBits ||
      set.bytes.size() * 8 != std::size_t{1} << set.bits) {
    return true;
  }
  std::vector<int> present;
  for (std::size_t piece = 0; piece < query_.pieces().size(); ++piece) {
    const auto& grams = query_.pieces()[piece];
    if (std::all_of(grams.begin(), grams.end(), [&](GramHash gram) { return set.has(gram); })) {
      present.push_back(static_cast<int>(piece));
    }
  }
  return !present.empty() && query_.may_match(present);
}

}  // namespace lastgasp
