// What was appended and is not yet on disk. Shards append encoded records into one contiguous
// buffer under a mutex, the writer thread takes the buffer and leaves them another: no allocation
// for a record once both have grown. Bounded in bytes; what does not fit is counted for each
// console, and a gap record follows as soon as there is room. All functions are safe from any
// thread.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "collector/transcript/record_codec.h"
#include "collector/transcript/sealer.h"
#include "collector/transcript/writer.h"

namespace lastgasp {

// Everything of one commit.
struct Batch {
  struct Frame {
    std::size_t begin = 0, end = 0;  // within `bytes`
    WallTime t0 = WallTime::max(), t1 = WallTime::min();
  };
  struct Received {
    std::uint64_t bytes = 0;
    WallTime last{};
  };

  std::string bytes;
  std::vector<Frame> frames;
  std::int64_t previous_at = 0;  // of the last frame
  // What was received since the counts of consoles were last written; here when they are now.
  std::vector<Received> received;    // by console id
  std::vector<ConsoleId> receivers;  // those with anything in `received`
  std::uint64_t data_bytes = 0;
  WallTime oldest = WallTime::max();  // oldest record
  std::vector<ConsoleRow> new_consoles, changed_consoles;
  std::map<ConsoleId, ConsoleLabels> labels;  // those that changed, whole
  std::vector<IncidentRow> incidents;
  std::vector<BootRow> boots;
  WallTime oldest_boot{};  // those that began before it go
  std::vector<IncidentNote> notes;
  std::vector<SpooledAlert> alerts;
  std::optional<SealedStep> sealed;

  bool only_counts() const;  // nothing but `received`, or not even that
  bool empty() const { return only_counts() && receivers.empty(); }
  void clear();
  void add(const Record& record);
  void count(const Record& record);  // only that, into `received`
};

class AppendQueue {
 public:
  AppendQueue(std::size_t limit_bytes, StorageStats& stats);

  // See TranscriptWriter::append.
  std::size_t append(std::span<const Record> records, std::span<const IncidentRow> incidents,
                     std::span<const BootRow> boots);
  // Changes the batch to come, under the lock; `urgent` wakes the writer at once.
  template <typename Change>
  void change(Change change, bool urgent) {
    const std::lock_guard lock(mutex_);
    change(filling_);
    urgent_ = urgent_ || urgent;
    work_.notify_one();
  }
  // Waits until everything appended so far is committed. False when a commit failed meanwhile, or
  // the queue is closed.
  bool flush();
  // Waits for the same without hurrying, through failures too. False when the queue is closed.
  bool settle();
  void close();  // take() returns what is left, then nullptr
  bool closed() const;

  // For the writer thread. take() waits until something should be committed; the batch stays
  // counted until done(), which also puts the gap records that now have room.
  Batch* take();
  void done(WallTime now);
  void failed();
  // Sleeps for `delay`, or until someone flushes or closes.
  void wait_before_retry(std::chrono::milliseconds delay);

 private:
  std::uint64_t last_batch() const;
  bool takes_counts();
  bool has_room(std::size_t bytes) const;
  void put_gap(ConsoleId console, WallTime at);
  void put_gaps(WallTime at);
  void count() const;

  const std::size_t limit_bytes_;
  StorageStats& stats_;
  mutable std::mutex mutex_;
  std::condition_variable work_, finished_;
  Batch filling_, taken_;
  bool busy_ = false;  // taken_ is being committed
  std::uint64_t taken_count_ = 0, done_count_ = 0, failures_ = 0;
  std::map<ConsoleId, std::uint64_t> lost_;  // bytes refused and not yet on record
  std::chrono::steady_clock::time_point counts_due_;
  bool urgent_ = false;
  bool closed_ = false;
};

}  // namespace lastgasp
