#include "collector/transcript/gram_verify.h"

#include <algorithm>

#include "collector/transcript/block_grams.h"
#include "collector/transcript/schema.h"

namespace lastgasp {

GramVerifier::GramVerifier(Database& db, Problem problem) : db_(db), problem_(std::move(problem)) {
  if (!db.has_table("gram_rows")) return;
  number_grams_ = read_meta(db).has_number_grams();
  read_segments();
  read_sets();
}

void GramVerifier::read_segments() {
  segments_ = GramSegment::all(db_);
  for (std::size_t i = 0; i < segments_.size(); ++i) {
    const auto blocks = segments_[i].blocks(db_);
    if (!blocks) {
      problem_("gram_columns", segments_[i].id(), "its list of blocks is damaged");
      continue;
    }
    for (std::size_t column = 0; column < blocks->size(); ++column)
      places_[(*blocks)[column].id] = {i, column};
  }
}

void GramVerifier::read_sets() {
  Statement select(db_, "SELECT blk,t0,t1,crc,data FROM gram_set");
  while (select.step()) {
    auto column = stored_gram_set(select);
    if (column) {
      sets_[column->block.id] = std::move(column->grams);
    } else {
      problem_("gram_set", select.integer(0), "its checksum is wrong");
    }
  }
}

void GramVerifier::verify_block(std::int64_t id, std::span<const Record> records) {
  const auto place = places_.find(id);
  const auto set = sets_.find(id);
  if (place == places_.end() && set == sets_.end()) return;  // every search reads it
  const GramSet& indexed = place != places_.end() ? set_at(place->second) : set->second;
  const GramSet real = grams_of(records, number_grams_);
  const auto lacks = [](char in_block, char in_index) { return (in_block & ~in_index) != 0; };
  for (std::size_t i = 0; i < kGramSetBytes; ++i) {
    if (lacks(real.bytes[i], indexed.bytes[i]))
      return problem_("blk", id, "the gram index lacks some of its text: searches may miss it");
  }
}

const GramSet& GramVerifier::set_at(const Place& place) {
  if (loaded_ != place.segment) {
    const std::size_t lost = segments_[place.segment].read_sets(db_, columns_);
    if (lost > 0)
      problem_("gram_rows", segments_[place.segment].id(),
               std::to_string(lost) + " rows of this segment of the gram index are damaged");
    loaded_ = place.segment;
  }
  return columns_[place.column];
}

}  // namespace lastgasp
