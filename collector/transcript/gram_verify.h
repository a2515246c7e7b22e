// Holds the gram index of a day file against its blocks: a bit that is missing in it makes searches
// miss lines without a word. Only reads. One thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "collector/transcript/gram_segment.h"
#include "collector/transcript/record.h"
#include "collector/transcript/sqlite.h"

namespace lastgasp {

class GramVerifier {
 public:
  // A table, a row of it (0: the table as a whole), and what is wrong with it.
  using Problem = std::function<void(const char*, std::int64_t, const std::string&)>;

  // `db` and what `problem` refers to outlive this. A file without an index has nothing wrong.
  GramVerifier(Database& db, Problem problem);

  // In the order of ids, or large segments are read more than once.
  void verify_block(std::int64_t id, std::span<const Record> records);

 private:
  struct Place {
    std::size_t segment = 0, column = 0;
  };
  void read_segments();
  void read_sets();
  const GramSet& set_at(const Place& place);

  Database& db_;
  const Problem problem_;
  bool number_grams_ = false;  // the sets were made with them
  std::vector<GramSegment> segments_;
  std::map<std::int64_t, Place> places_;  // of the blocks in segments
  std::map<std::int64_t, GramSet> sets_;  // the others
  std::size_t loaded_ = SIZE_MAX;         // the segment whose sets these are:
  std::vector<GramSet> columns_;
};

}  // namespace lastgasp
