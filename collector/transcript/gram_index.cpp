#include "collector/transcript/gram_index.h"

#include <algorithm>
#include <bit>

namespace lastgasp {
namespace {

bool bit(const GramSegment::Row& row, std::size_t column) {
  return ((row[column / 64] >> (column % 64)) & 1U) != 0;
}

template <typename Use>
void each_column(const GramSegment::Row& row, std::size_t columns, Use use) {
  for (std::size_t w = 0; w < row.size(); ++w) {
    for (std::uint64_t word = row[w]; word != 0; word &= word - 1) {
      const std::size_t column = w * 64 + static_cast<std::size_t>(std::countr_zero(word));
      if (column < columns) use(column);
    }
  }
}

// The rarest first: often nothing is left for the others.
std::vector<std::vector<GramHash>> grams_of(const GramQuery& query, bool with_numbers) {
  std::vector<std::vector<GramHash>> pieces;
  for (const GramQuery::Piece& piece : query.pieces()) {
    std::vector<GramHash>& grams = pieces.emplace_back();
    if (with_numbers) grams = piece.number_grams;
    grams.insert(grams.end(), piece.grams.begin(), piece.grams.end());
  }
  return pieces;
}

}  // namespace

GramIndex::GramIndex(Database& db, const GramQuery& query, const Meta& meta)
    : query_(query), pieces_(grams_of(query, meta.has_number_grams())) {
  std::int64_t known = read_segments(db);
  if (!meta.packed()) known += read_sets(db);
  covers_file_ = covers(db, known);
  if (!covers_file_) read_indexed(db);
  const auto by_id = [](const GramBlock& a, const GramBlock& b) { return a.id < b.id; };
  std::sort(candidates_.begin(), candidates_.end(), by_id);
}

// Blocks are numbered from 1 without holes, but in a file that was repaired.
bool GramIndex::covers(Database& db, std::int64_t known) {
  Statement last(db, "SELECT ifnull(max(id),0) FROM blk");
  last.step();
  return last.integer(0) == known;
}

bool GramIndex::may_hold(std::int64_t block) const {
  if (!covers_file_ && !std::binary_search(indexed_.begin(), indexed_.end(), block)) return true;
  const auto found =
      std::lower_bound(candidates_.begin(), candidates_.end(), block,
                       [](const GramBlock& b, std::int64_t id) { return b.id < id; });
  return found != candidates_.end() && found->id == block;
}

// Returns how many blocks the segments account for.
std::int64_t GramIndex::read_segments(Database& db) {
  std::int64_t known = 0;
  Statement rows(db, GramSegment::kSelectRows);
  for (const GramSegment& segment : GramSegment::all(db)) {
    std::vector<std::size_t> columns;
    each_column(matching(segment, rows), segment.columns(),
                [&](std::size_t column) { columns.push_back(column); });
    if (!columns.empty()) {
      const auto blocks = segment.blocks(db);
      if (!blocks) continue;
      for (const std::size_t column : columns) candidates_.push_back((*blocks)[column]);
    }
    known += static_cast<std::int64_t>(segment.columns());
  }
  return known;
}

std::int64_t GramIndex::read_sets(Database& db) {
  std::int64_t known = 0;
  Statement select(db, "SELECT blk,t0,t1,crc,data FROM gram_set");
  while (select.step()) {
    const auto column = stored_gram_set(select);
    if (!column) continue;
    ++known;
    if (may_match(column->grams)) candidates_.push_back(column->block);
  }
  return known;
}

// Of a file that also has blocks which nobody indexed, those that somebody did.
void GramIndex::read_indexed(Database& db) {
  for (const GramSegment& segment : GramSegment::all(db)) {
    const auto blocks = segment.blocks(db);
    if (!blocks) continue;
    for (const GramBlock& block : *blocks) indexed_.push_back(block.id);
  }
  Statement sets(db, "SELECT blk,t0,t1,crc,data FROM gram_set");
  while (sets.step()) {
    if (const auto column = stored_gram_set(sets)) indexed_.push_back(column->block.id);
  }
  std::sort(indexed_.begin(), indexed_.end());
}

// The blocks of the segment that may match.
GramSegment::Row GramIndex::matching(const GramSegment& segment, Statement& select_rows) {
  if (pieces_.size() == 1 && may_match(std::vector<int>{0}))
    return holding(segment, pieces_.front(), select_rows);
  std::vector<GramSegment::Row> rows;
  GramSegment::Row any(segment.words()), out(segment.words());
  for (const auto& grams : pieces_) {
    rows.push_back(holding(segment, grams, select_rows));
    for (std::size_t w = 0; w < any.size(); ++w) any[w] |= rows.back()[w];
  }
  std::vector<int> present;
  each_column(any, any.size() * 64, [&](std::size_t column) {
    present.clear();
    for (std::size_t piece = 0; piece < pieces_.size(); ++piece) {
      if (bit(rows[piece], column)) present.push_back(static_cast<int>(piece));
    }
    if (may_match(present)) out[column / 64] |= std::uint64_t{1} << (column % 64);
  });
  return out;
}

// The blocks that have all of these grams.
GramSegment::Row GramIndex::holding(const GramSegment& segment, const std::vector<GramHash>& grams,
                                    Statement& select_rows) {
  GramSegment::Row all(segment.words(), ~std::uint64_t{0});
  for (const GramHash gram : grams) {
    segment.and_row(select_rows, gram, all, scratch_);
    if (std::all_of(all.begin(), all.end(), [](std::uint64_t word) { return word == 0; })) break;
  }
  return all;
}

bool GramIndex::may_match(const GramSet& set) {
  std::vector<int> present;
  for (std::size_t piece = 0; piece < pieces_.size(); ++piece) {
    const auto& grams = pieces_[piece];
    if (std::all_of(grams.begin(), grams.end(), [&](GramHash gram) { return set.has(gram); })) {
      present.push_back(static_cast<int>(piece));
    }
  }
  return may_match(present);
}

bool GramIndex::may_match(const std::vector<int>& pieces) {
  if (pieces.empty()) return false;
  const auto [answer, unknown] = answers_.try_emplace(pieces, false);
  if (unknown) answer->second = query_.may_match(pieces);
  return answer->second;
}

}  // namespace lastgasp
