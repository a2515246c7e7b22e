// All of a transcript folder at one moment: day files and what the journal holds beyond them, each
// record once, also while the sealer is between the two. One thread.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "collector/transcript/day_reader.h"
#include "collector/transcript/open_files.h"
#include "collector/transcript/sqlite.h"
#include "collector/transcript/unsealed.h"

namespace lastgasp {

class Snapshot {
 public:
  // Both outlive it.
  Snapshot(OpenFiles& files, Database& hot);
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;
  ~Snapshot();

  // Days with a file or with anything in the journal, oldest first.
  std::vector<Day> days() const;
  // In the order they were written; what is in the journal last. Null is all consoles.
  std::vector<BlockRef> blocks(Day day, const std::set<ConsoleId>* wanted, const TimeRange& range);
  // Of these, those in the day's file, with a `query` without those that surely hold nothing of it;
  // and what is in the journal.
  std::vector<BlockRef> sealed(Day day, const std::set<ConsoleId>* wanted, const TimeRange& range,
                               const GramQuery* query = nullptr);
  std::vector<BlockRef> unsealed(Day day, const std::set<ConsoleId>* wanted,
                                 const TimeRange& range) const {
    return unsealed_.parts(day, wanted, range);
  }
  // The time of the newest record in the day's file; WallTime::min() when there is none.
  WallTime newest_sealed(Day day);
  // The block of `console` written before or after `block`; nothing at the ends of the transcript.
  std::optional<BlockRef> neighbour(const BlockRef& block, ConsoleId console, bool after);
  // Null when it is damaged. Keeps the last few.
  std::shared_ptr<const LoadedBlock> load(const BlockRef& ref);
  // Its text for sure, its records maybe not.
  std::shared_ptr<const LoadedBlock> load_text(const BlockRef& ref);

  std::int64_t last_seq() const { return unsealed_.last_seq(); }
  std::size_t damaged() const { return damaged_; }  // blocks, journal rows and day files so far

 private:
  bool take();
  std::int64_t pin_days(std::int64_t sealed_seq, const std::vector<Day>& days);
  void release_pinned();
  std::unique_ptr<DayReader> open(Day day);
  DayReader* reader(Day day);
  std::shared_ptr<LoadedBlock>& cached(const BlockRef& ref);
  std::shared_ptr<LoadedBlock> room();
  bool load_text_into(const BlockRef& ref, LoadedBlock& block);
  bool complete(const BlockRef& ref, LoadedBlock& block);
  void lose(const BlockRef& ref, std::shared_ptr<LoadedBlock>& block);

  OpenFiles& files_;
  Database& hot_;
  std::optional<ReadTransaction> transaction_;  // of hot_, while not all of unsealed_ is kept
  Unsealed unsealed_;
  std::map<Day, std::unique_ptr<DayReader>> pinned_;  // of the days in unsealed_
  // The last few of the others; the newest first. More than one, so that what surrounds a hit is
  // read from the file it was found in, should that day be packed anew meanwhile.
  std::deque<std::pair<Day, std::unique_ptr<DayReader>>> open_;
  std::deque<std::pair<BlockRef, std::shared_ptr<LoadedBlock>>> cache_;
  std::set<std::pair<Day, std::int64_t>> damaged_blocks_;
  std::size_t damaged_ = 0;
};

}  // namespace lastgasp
