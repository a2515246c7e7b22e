// One day file, read. Sees the file as of its opening, or of its last renewal, whatever the writer
// adds. One thread at a time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "collector/transcript/gram_index.h"
#include "collector/transcript/reader.h"
#include "collector/transcript/schema.h"
#include "collector/transcript/text_dictionary.h"

namespace lastgasp {

// A block, or a part of what of one day is still in the journal, read as if it were a block.
struct BlockRef {
  // The first part of the journal, in which ids go on: all come after the blocks of their day.
  static constexpr std::int64_t kJournal = INT64_MAX / 2;

  bool in_journal() const { return id >= kJournal; }

  Day day = 0;
  std::int64_t id = 0;
  WallTime t0{}, t1{};      // of the consoles asked for
  std::uint64_t bytes = 0;  // theirs; 0 when all were asked for
};

// Records console by console, those of one console in order of arrival.
struct LoadedBlock {
  std::string raw;
  std::string_view text;  // the bytes of all records, one after the other
  std::vector<Record> records;
  bool plain = false;        // the text is known to be
  std::string packed_table;  // of records: not empty while they are not there yet

  std::span<const Record> of(ConsoleId console) const;
};

class DayReader {
 public:
  // Nothing when there is no such file, or the sealer has only begun to make it. Throws Error when
  // it cannot be read or is of a newer format.
  static std::unique_ptr<DayReader> open(const std::filesystem::path& folder, Day day);

  Day day() const { return day_; }
  std::int64_t sealed_seq() const { return meta_.sealed_seq; }

  // Holds nothing of the file until renew(), so that others may change it.
  void rest();
  // Sees the file as it is now. False when it must be opened anew.
  bool renew();
  // Whether the file was removed or replaced.
  bool file_moved() { return db_.file_moved(); }

  // Blocks with anything of the consoles (all when `wanted` is null) within `range`, by id; with a
  // `query` that narrows only those that may match it.
  std::vector<BlockRef> blocks(const std::set<ConsoleId>* wanted, const TimeRange& range,
                               const GramQuery* query = nullptr);
  // Of the newest record; WallTime::min() when there is none.
  WallTime newest();
  // False when it is damaged.
  bool load(std::int64_t id, LoadedBlock& block);
  // Only the text, or all of it.
  bool load_text(std::int64_t id, LoadedBlock& block);
  // The rest of a block whose text was loaded.
  bool complete(LoadedBlock& block);

 private:
  DayReader(Database db, Day day, const Meta& meta);
  bool find(std::int64_t id, LoadedBlock& block);
  std::optional<GramIndex> index_for(const GramQuery* query);
  std::vector<BlockRef> in_time(const TimeRange& range);
  std::vector<BlockRef> of_consoles(const std::set<ConsoleId>& wanted, const TimeRange& range);

  Day day_;
  Database db_;
  Meta meta_;
  std::optional<Statement> load_;
  std::unique_ptr<const TextDictionary> dictionary_;  // once the file had one
  std::optional<WallTime> newest_;                    // once it was asked for
};

}  // namespace lastgasp
