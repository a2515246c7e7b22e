// Follows one console: lines as they are committed, each once, whether or not the sealer has moved
// them in between. One thread.
#pragma once

#include <string>
#include <vector>

#include "collector/line/line_assembler.h"
#include "collector/transcript/console_lines.h"
#include "collector/transcript/reader.h"
#include "collector/transcript/snapshot.h"

namespace lastgasp {

class Follow final : private LineSink {
 public:
  // `files` outlives it.
  Follow(OpenFiles& files, ConsoleId id, std::string console);

  // Before the first poll: what comes from now on is followed.
  void start(Database& hot, Instant now);
  // Adds the lines and marks since the last poll to `out`. `content` is of the journal behind any
  // row up to seq(): whoever follows many consoles reads it once.
  void poll(Database& hot, const HotContent& content, Instant now, std::vector<FoundLine>& out);
  std::int64_t seq() const { return seq_; }  // rows up to this one have been seen

 private:
  void add_rows(const HotContent& content, Instant now);
  void catch_up(Database& hot, Instant now);
  void add_block(Snapshot& snapshot, const BlockRef& ref, Instant now);
  void add(const Record& record, Instant now);
  void on_line(const Line& line) override;
  void show(FoundLine line);

  OpenFiles& files_;
  const ConsoleId id_;
  const std::string console_;
  LineAssembler assembler_;
  ForcedEnd forced_;
  std::int64_t seq_ = 0;
  WallTime last_at_{};  // of the last line shown, and how many with this very time
  std::size_t last_count_ = 0;
  std::size_t skip_ = 0;  // lines at last_at_ that come again while catching up
  bool catching_up_ = false;
  std::vector<FoundLine> out_;
};

}  // namespace lastgasp
