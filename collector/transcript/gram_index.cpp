#include "collector/transcript/gram_index.h"

#include <algorithm>

namespace lastgasp {
namespace {

std::size_t count(Database& db) {
  Statement blocks(db, "SELECT count(*) FROM blk");
  blocks.step();
  return static_cast<std::size_t>(blocks.integer(0));
}

bool bit(const GramSegment::Row& row, std::size_t column) {
  return ((row[column / 64] >> (column % 64)) & 1U) != 0;
}

}  // namespace

GramIndex::GramIndex(Database& db, const GramQuery& query)
    : query_(query), segments_(GramSegment::all(db)) {
  if (!db.has_table("gram_part")) return;
  part_.emplace(db, GramSegment::kSelectPart);
  open_.emplace(db, "SELECT bits,data FROM gram_open WHERE blk=?");
  std::size_t blocks = 0;
  for (const GramSegment& segment : segments_) blocks += segment.blocks().size();
  covers_file_ = blocks == count(db);
}

std::vector<GramBlock> GramIndex::candidates() {
  work_out();
  std::vector<GramBlock> blocks;
  for (const auto& [block, may_match] : *known_) {
    if (may_match) blocks.push_back(block);
  }
  return blocks;
}

bool GramIndex::may_hold(std::int64_t block) {
  if (!part_) return true;
  work_out();
  const auto known =
      std::lower_bound(known_->begin(), known_->end(), block,
                       [](const auto& entry, std::int64_t id) { return entry.first.id < id; });
  if (known == known_->end() || known->first.id != block) return open_block_may_hold(block);
  return known->second;
}

void GramIndex::work_out() {
  if (known_) return;
  known_.emplace();
  for (const GramSegment& segment : segments_) {
    const GramSegment::Row row = matching(segment);
    for (std::size_t column = 0; column < segment.blocks().size(); ++column) {
      known_->emplace_back(segment.blocks()[column], bit(row, column));
    }
  }
  std::sort(known_->begin(), known_->end(),
            [](const auto& a, const auto& b) { return a.first.id < b.first.id; });
}

// The blocks of the segment that may match.
GramSegment::Row GramIndex::matching(const GramSegment& segment) {
  const auto& pieces = query_.pieces();
  if (pieces.size() == 1 && query_.may_match({0})) return holding(segment, pieces.front());
  std::vector<GramSegment::Row> rows;
  for (const auto& grams : pieces) rows.push_back(holding(segment, grams));
  GramSegment::Row out(segment.words());
  std::vector<int> present;
  for (std::size_t column = 0; column < segment.blocks().size(); ++column) {
    present.clear();
    for (std::size_t piece = 0; piece < pieces.size(); ++piece) {
      if (bit(rows[piece], column)) present.push_back(static_cast<int>(piece));
    }
    if (may_match(present)) out[column / 64] |= std::uint64_t{1} << (column % 64);
  }
  return out;
}

// The blocks that have all of these grams.
GramSegment::Row GramIndex::holding(const GramSegment& segment,
                                    const std::vector<GramHash>& grams) {
  GramSegment::Row all(segment.words(), ~std::uint64_t{0});
  for (const GramHash gram : grams) {
    segment.and_row(*part_, gram, all, scratch_);
    if (std::all_of(all.begin(), all.end(), [](std::uint64_t word) { return word == 0; })) break;
  }
  return all;
}

bool GramIndex::may_match(const std::vector<int>& pieces) {
  if (pieces.empty()) return false;
  const auto [answer, unknown] = answers_.try_emplace(pieces, false);
  if (unknown) answer->second = query_.may_match(pieces);
  return answer->second;
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
  return may_match(present);
}

}  // namespace lastgasp
