// The event streams that are open, and the two threads that feed them: one asks the collector, the
// other the store, so that a stuck disk stops no more than what is on it. Both sleep while no
// stream is open. Any thread.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "exporters/web/change_feed.h"
#include "exporters/web/tail_feed.h"

namespace lastgasp {

inline constexpr std::size_t kMaxStreams = 64;
inline constexpr Micros kSweepEvery = std::chrono::seconds(1);
inline constexpr Micros kPollEvery = std::chrono::milliseconds(250);

class Streams {
 public:
  // `backend` outlives the streams.
  explicit Streams(WebBackend& backend);
  ~Streams();  // stop()

  // Both throw HttpError 503 when as many are open as may be.
  // What changes of consoles and incidents from now on, after `hello`.
  std::shared_ptr<EventStream> changes(ConsoleFilter filter, std::string_view hello);
  // The lines of one console that come after `after`; all, when it had none yet.
  std::shared_ptr<EventStream> tail(std::string console, std::optional<LineId> after);

  // Ends all streams; none is opened from then on. Idempotent.
  void stop();

 private:
  struct NewTail {
    std::shared_ptr<EventStream> stream;
    std::string console;
    std::optional<LineId> after;
  };

  std::shared_ptr<EventStream> open();
  bool wait(Micros time);
  void ask_collector();
  void ask_store();
  bool changes_wanted();
  void tell_incidents(TranscriptReader& reader, const std::vector<IncidentRow>& rows);

  WebBackend& backend_;
  std::mutex mutex_;  // guards what follows
  std::condition_variable wake_;
  bool stopping_ = false;
  std::vector<std::shared_ptr<EventStream>> streams_;
  std::vector<NewTail> new_tails_;
  std::mutex changes_mutex_;  // guards what follows
  ChangeFeed changes_;
  std::thread collector_, store_;
};

}  // namespace lastgasp
