// What the journal holds that no day file has, in parts that are read like blocks. Only the newest
// parts stay unpacked, so that a reader takes little more memory the further sealing is behind. One
// thread.
#pragma once

#include <deque>
#include <map>
#include <set>
#include <vector>

#include "collector/transcript/day_reader.h"
#include "collector/transcript/hot_content.h"
#include "collector/transcript/sqlite.h"

namespace lastgasp {

class Unsealed {
 public:
  static constexpr std::uint64_t kPartBytes = 4 << 20;  // of the journal's rows, or one row
  static constexpr std::size_t kKeptParts = 2;

  // Goes through the journal, in a transaction of the caller's. Rows up to `committed` are of the
  // step of sealing under way, if there is one; `reached` are the days whose file has what that
  // step gave it.
  void read(Database& hot, std::int64_t committed, std::set<Day> reached);

  std::int64_t last_seq() const { return parts_.back().last_seq; }  // of the rows read
  std::size_t damaged() const { return damaged_; }                  // rows
  // Of all lines in the journal, also of those that a day file has.
  const std::set<Day>& days() const { return days_; }
  // Parts with anything of the consoles (all when `wanted` is null) within `range`, oldest first.
  std::vector<BlockRef> parts(Day day, const std::set<ConsoleId>* wanted,
                              const TimeRange& range) const;
  // One that parts() gave. Unless all are kept, read()'s transaction must still be open.
  void load(Database& hot, const BlockRef& ref, LoadedBlock& block);
  bool all_kept() const { return parts_.size() <= kKeptParts; }

 private:
  using Records = std::map<Day, std::vector<Record>>;  // console by console
  struct ConsoleSpan {
    ConsoleId console = 0;
    WallTime t0{}, t1{};
    std::uint64_t bytes = 0;
  };
  struct Part {
    HotContent content;  // its rows, and the lines that were open before them
    bool in_step = false, ends_step = false, last = false;
    std::int64_t last_seq = 0;  // of its rows
    std::map<Day, std::vector<ConsoleSpan>> spans;
    bool kept = true;
    Records records;  // views of `content`; gone, like its rows, unless it is kept
  };

  HotContent divide(Part& part);
  void place(const std::vector<Piece>& pieces, bool in_step, Records& records);
  static std::vector<ConsoleSpan> spans_of(const std::vector<Record>& records);
  static void forget(Part& part);

  std::deque<Part> parts_;
  std::set<Day> reached_;
  std::set<Day> days_;
  std::size_t damaged_ = 0;
};

}  // namespace lastgasp
