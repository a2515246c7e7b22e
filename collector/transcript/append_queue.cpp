#include "collector/transcript/append_queue.h"

#include <algorithm>

namespace lastgasp {
namespace {

constexpr std::chrono::milliseconds kCommitEvery{200};
// A row for each console that said something would be most of a commit when many say little.
constexpr std::chrono::seconds kCountEvery{5};
constexpr std::size_t kCommitBytes = 2 << 20;
constexpr std::size_t kKeptBytes = 4 * kCommitBytes;  // of the memory a flood made a batch take
constexpr std::size_t kFrameBytes = 1 << 20;          // a reader decodes one frame at a time
constexpr std::size_t kGapBytes = 128;                // room asked for a gap record

std::size_t encoded_bytes(std::span<const Record> records) {
  std::size_t bytes = 0;
  for (const Record& record : records) bytes += record.bytes.size() + kRecordOverhead;
  return bytes;
}

std::size_t data_bytes(std::span<const Record> records) {
  std::size_t bytes = 0;
  for (const Record& record : records) {
    if (record.kind == RecordKind::data) bytes += record.bytes.size();
  }
  return bytes;
}

}  // namespace

bool Batch::only_counts() const {
  return frames.empty() && new_consoles.empty() && changed_consoles.empty() && labels.empty() &&
         incidents.empty() && boots.empty() && oldest_boot == WallTime{} && notes.empty() &&
         alerts.empty() && !sealed;
}

void Batch::clear() {
  bytes.clear();
  if (bytes.capacity() > kKeptBytes) bytes.shrink_to_fit();
  frames.clear();
  previous_at = 0;
  for (const ConsoleId console : receivers) received[console] = {};
  receivers.clear();
  data_bytes = 0;
  oldest = WallTime::max();
  new_consoles.clear();
  changed_consoles.clear();
  labels.clear();
  incidents.clear();
  boots.clear();
  oldest_boot = {};
  alerts.clear();
  notes.clear();
  sealed.reset();
}

void Batch::add(const Record& record) {
  if (frames.empty() || bytes.size() - frames.back().begin >= kFrameBytes) {
    frames.push_back({bytes.size(), bytes.size()});
    previous_at = 0;
  }
  append_to_frame(bytes, record, previous_at);
  Frame& frame = frames.back();
  frame.end = bytes.size();
  frame.t0 = std::min(frame.t0, record.at);
  frame.t1 = std::max(frame.t1, record.at);
  oldest = std::min(oldest, record.at);
  if (record.kind == RecordKind::data) data_bytes += record.bytes.size();
  count(record);
}

void Batch::count(const Record& record) {
  if (record.kind != RecordKind::data) return;
  if (record.console >= received.size()) received.resize(record.console + 1);
  Received& of = received[record.console];
  if (of.bytes == 0) receivers.push_back(record.console);
  of.bytes += record.bytes.size();
  of.last = record.at;
}

AppendQueue::AppendQueue(std::size_t limit_bytes, StorageStats& stats)
    : limit_bytes_(limit_bytes), stats_(stats) {
  stats_.queue_limit_bytes = limit_bytes;
}

std::size_t AppendQueue::append(std::span<const Record> records,
                                std::span<const IncidentRow> incidents,
                                std::span<const BootRow> boots) {
  const std::lock_guard lock(mutex_);
  const bool had_work = !filling_.only_counts();
  const bool was_small = filling_.bytes.size() < kCommitBytes;
  filling_.incidents.insert(filling_.incidents.end(), incidents.begin(), incidents.end());
  filling_.boots.insert(filling_.boots.end(), boots.begin(), boots.end());
  std::size_t refused = 0;
  if (!has_room(encoded_bytes(records))) {
    refused = data_bytes(records);
    if (refused > 0) lost_[records.front().console] += refused;
  } else if (!records.empty()) {
    if (!lost_.empty()) put_gap(records.front().console, records.front().at);
    for (const Record& record : records) filling_.add(record);
  }
  count();
  if ((!had_work && !filling_.only_counts()) ||
      (was_small && filling_.bytes.size() >= kCommitBytes)) {
    work_.notify_one();
  }
  return refused;
}

bool AppendQueue::flush() {
  std::unique_lock lock(mutex_);
  const std::uint64_t failures = failures_;
  // A gap record has room once the batch before it is on disk, and goes out with the next.
  for (bool gaps = true; gaps;) {
    gaps = !lost_.empty();
    const std::uint64_t target = last_batch();
    urgent_ = true;
    work_.notify_one();
    finished_.wait(lock, [&] { return done_count_ >= target || failures_ > failures || closed_; });
    if (done_count_ < target) return false;
  }
  return true;
}

bool AppendQueue::settle() {
  std::unique_lock lock(mutex_);
  const std::uint64_t target = last_batch();
  finished_.wait(lock, [&] { return done_count_ >= target || closed_; });
  return done_count_ >= target;
}

void AppendQueue::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  work_.notify_all();
  finished_.notify_all();
}

bool AppendQueue::closed() const {
  const std::lock_guard lock(mutex_);
  return closed_;
}

Batch* AppendQueue::take() {
  std::unique_lock lock(mutex_);
  work_.wait(lock, [&] { return closed_ || !filling_.empty(); });
  if (filling_.only_counts())
    work_.wait_until(lock, counts_due_,
                     [&] { return closed_ || urgent_ || !filling_.only_counts(); });
  work_.wait_for(lock, kCommitEvery,
                 [&] { return closed_ || urgent_ || filling_.bytes.size() >= kCommitBytes; });
  const bool counts = takes_counts();
  urgent_ = false;
  if (counts ? filling_.empty() : filling_.only_counts()) return nullptr;
  std::swap(filling_, taken_);
  if (!counts) {
    std::swap(filling_.received, taken_.received);
    std::swap(filling_.receivers, taken_.receivers);
  }
  busy_ = true;
  ++taken_count_;
  return &taken_;
}

// Now, or with a later batch. Before rows leave the journal all that they hold is counted.
bool AppendQueue::takes_counts() {
  const auto now = std::chrono::steady_clock::now();
  if (!closed_ && !urgent_ && !filling_.sealed && now < counts_due_) return false;
  counts_due_ = now + kCountEvery;
  return true;
}

void AppendQueue::done(WallTime now) {
  const std::lock_guard lock(mutex_);
  taken_.clear();
  busy_ = false;
  ++done_count_;
  put_gaps(now);
  count();
  finished_.notify_all();
}

void AppendQueue::failed() {
  const std::lock_guard lock(mutex_);
  ++failures_;
  finished_.notify_all();
}

void AppendQueue::wait_before_retry(std::chrono::milliseconds delay) {
  std::unique_lock lock(mutex_);
  work_.wait_for(lock, delay, [&] { return urgent_ || closed_; });
  urgent_ = false;
}

std::uint64_t AppendQueue::last_batch() const { return taken_count_ + (filling_.empty() ? 0 : 1); }

bool AppendQueue::has_room(std::size_t bytes) const {
  const std::size_t waiting = filling_.bytes.size() + (busy_ ? taken_.bytes.size() : 0);
  return waiting + bytes <= limit_bytes_;
}

void AppendQueue::put_gap(ConsoleId console, WallTime at) {
  const auto lost = lost_.find(console);
  if (lost == lost_.end()) return;
  const std::string text = std::to_string(lost->second) + " the disk did not keep up";
  filling_.add({console, RecordKind::gap, at, text});
  lost_.erase(lost);
}

void AppendQueue::put_gaps(WallTime at) {
  while (!lost_.empty() && has_room(kGapBytes)) put_gap(lost_.begin()->first, at);
}

void AppendQueue::count() const {
  stats_.queue_bytes = filling_.bytes.size() + (busy_ ? taken_.bytes.size() : 0);
  const WallTime oldest = busy_ ? std::min(taken_.oldest, filling_.oldest) : filling_.oldest;
  stats_.oldest_unsynced_us = oldest == WallTime::max() ? 0 : unix_micros(oldest);
}

}  // namespace lastgasp
