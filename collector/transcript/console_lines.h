// Lines of one console out of its stored records, by the LineAssembler of the live path.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "collector/line/line_assembler.h"
#include "collector/transcript/line_split.h"
#include "collector/transcript/record.h"

namespace lastgasp {

// Where LineSplit ends a line that does not end by itself, and a block may end: there a line ends
// for readers too, so that lines are the same before and after sealing.
class ForcedEnd {
 public:
  // After `record`, data or a mark: whether the line ends here.
  bool after(const Record& record);

 private:
  std::size_t open_bytes_ = 0;
};

class ConsoleLines final : private LineSink {
 public:
  struct Entry {
    WallTime at{};
    RecordKind kind = RecordKind::data;
    std::size_t offset = 0, length = 0;
    std::size_t nth = 0;  // so many lines directly before it have its time
  };

  // Replaces what was here by the lines and marks of `records`, which begin at the start of a line;
  // an unended tail counts as a line. What is here may be a view of the records' bytes.
  // When `plain`, all data of `records` is known to be.
  void assemble(std::span<const Record> records, bool plain = false);
  // The bytes of `records` when they are data and lie one after the other. If they are also plain
  // (is_plain()), they are the lines as they are, but for CR at their ends.
  static std::optional<std::string_view> contiguous(std::span<const Record> records);

  std::size_t size() const { return entries_.size(); }
  const Entry& operator[](std::size_t i) const { return entries_[i]; }
  std::string_view all_text() const { return text_; }  // each line with a line end
  std::string_view text(std::size_t i) const {
    return text_.substr(entries_[i].offset, entries_[i].length);
  }
  // The line that has the byte of all_text() at `offset`; a line end belongs to the line before.
  std::size_t line_at(std::size_t offset) const;

 private:
  bool split_plain(std::span<const Record> records, bool plain);
  void on_line(const Line& line) override { add(line.at.wall, RecordKind::data, line.text); }
  void add(WallTime at, RecordKind kind, std::string_view text);
  void add_entry(WallTime at, RecordKind kind, std::size_t offset, std::size_t length);

  std::string assembled_;
  std::string_view text_;  // of assembled_, or of the records
  std::vector<Entry> entries_;
};

}  // namespace lastgasp
