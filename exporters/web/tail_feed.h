// Lines of consoles as they are stored, told to the streams that follow them. One poll reads the
// newest of the journal once for all streams. One thread.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "collector/transcript/reader.h"
#include "exporters/web/event_stream.h"

namespace lastgasp {

inline constexpr std::size_t kTailBytesPerPoll = std::size_t{64} << 10;  // of one stream
inline constexpr std::size_t kTailBacklog = 1000;                        // lines

class TailFeed {
 public:
  // The stream gets the lines of this console that come after `after`; all, when it had none yet.
  void add(std::shared_ptr<EventStream> stream, std::string console, std::optional<LineId> after);
  // Forgets streams that are over.
  void poll(TranscriptReader& reader, Instant now);
  // The reader of the last poll failed, and the next comes with another: go on behind what was
  // told.
  void resume();

 private:
  struct Tail {
    std::shared_ptr<EventStream> stream;
    std::string console;
    std::optional<LineId> after;  // told last
    bool begun = false;
    std::size_t left_out = 0;                       // lines the reader has not been told of
    std::set<std::pair<LineId, std::string>> told;  // that may be read once more
  };
  class Batch;

  static void begin(Tail& tail, TranscriptReader& reader);
  static void tell(Tail& tail, Batch& batch);

  std::vector<Tail> tails_;
};

}  // namespace lastgasp
