// What one console printed, byte for byte, piece by piece: the bytes of a day in the order they
// were received, day by day. Between pieces nothing of the store is held; that what was read is
// sealed or its day packed meanwhile neither repeats nor loses a byte. Read by
// TranscriptReader::printed. One thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "collector/transcript/reader.h"
#include "collector/transcript/schema.h"

namespace lastgasp {

class Snapshot;

class PrintedBytes {
 public:
  // What arrived within `range`, and for a minute after it the rest of a line that began in it.
  PrintedBytes(std::string console, TimeRange range)
      : console_(std::move(console)), range_(range), end_(range.to) {
    if (end_ < WallTime::max() - kRestOfLine) end_ += kRestOfLine;
  }

  const std::string& console() const { return console_; }
  // The next piece, which ends with the first record that makes it `most` bytes; an empty one at
  // the end. `id` is the console's.
  std::string next(Snapshot& snapshot, ConsoleId id, std::size_t most);
  std::size_t damaged_blocks() const { return damaged_; }  // left out so far

 private:
  static constexpr Micros kRestOfLine = std::chrono::minutes(1);

  bool add_day(Snapshot& snapshot, ConsoleId id, std::size_t most, std::string& piece);
  bool add_records(std::span<const Record> records, std::uint64_t begin, std::size_t most,
                   std::string& piece);
  void add(const Record& record, std::string& piece);

  std::string console_;
  TimeRange range_;
  WallTime end_;              // of the range, and of the rest of its last line
  Day day_ = INT32_MIN;       // days before it were read,
  std::uint64_t passed_ = 0;  // and of it so many bytes of the console: what never moves
  bool line_open_ = false;    // what was given so far ends within a line
  bool ended_ = false;
  std::size_t damaged_ = 0;
};

}  // namespace lastgasp
