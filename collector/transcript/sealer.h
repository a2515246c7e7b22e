// Moves what the journal holds into day files, a bounded step at a time. A step first commits the
// day files, then hands the journal's part to the writer thread, which takes the rows out. Between
// the two, and after a crash there, readers and the next step see from the day files' sealed_seq
// what was done already. Belongs to one thread; connections of its own.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "collector/transcript/day_repack.h"
#include "collector/transcript/day_writer.h"
#include "collector/transcript/record_codec.h"
#include "collector/transcript/sqlite.h"
#include "collector/transcript/unpacked_rows.h"

namespace lastgasp {

// Journal rows up to `seq` are in day files, but for the lines that were still open.
struct SealedStep {
  std::int64_t seq = 0;
  WallTime open_t0{}, open_t1{};
  std::uint64_t open_raw_len = 0;
  std::uint32_t open_crc = 0;
  std::string open_lines;                 // a journal frame, packed
  std::uint64_t rows = 0, raw_bytes = 0;  // taken, damaged rows included
  std::size_t damaged_rows = 0;
};

class Sealer {
 public:
  // Of the journal, in a step: two of the longest rows have room, or four.
  static constexpr std::uint64_t kStepBytes = 4608 << 10;
  static constexpr std::uint64_t kLongStepBytes = 2 * kStepBytes;

  // The database must exist. `sealed_seq` is the highest of the day files. `unpacked`, of the
  // journal's, outlives it.
  Sealer(const std::filesystem::path& folder, std::int64_t sealed_seq, UnpackedRows& unpacked);

  // Takes `most` bytes at most, or one row, and leaves about `leave` of the newest in the journal,
  // unless it has no more than one row.
  // Nothing when the journal is empty. The step must be taken out of the journal before the next.
  // Throws SqliteError when the disk refuses; the next call does the same step again.
  std::optional<SealedStep> step(std::uint64_t leave, std::uint64_t most = kStepBytes);
  // Goes on with packing days that are over; see DayRepack::step().
  bool pack(WallTime now) { return repack_.step(now); }

 private:
  std::int64_t last_row(std::uint64_t leave);

  std::filesystem::path folder_;
  UnpackedRows& unpacked_;
  Database hot_;
  Packer packer_{PackLevel::fast};
  DayWriter days_;
  DayRepack repack_;
  std::int64_t begun_seq_;  // a step to here may be in some day files already
};

}  // namespace lastgasp
