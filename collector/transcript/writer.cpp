#include "collector/transcript/writer.h"

#include <pthread.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "collector/core/log.h"
#include "collector/transcript/append_queue.h"
#include "collector/transcript/damaged_wal.h"
#include "collector/transcript/day_writer.h"
#include "collector/transcript/disk_room.h"
#include "collector/transcript/folder_lock.h"
#include "collector/transcript/journal.h"
#include "collector/transcript/retention.h"
#include "collector/transcript/schema.h"
#include "collector/transcript/seal_schedule.h"

namespace lastgasp {
namespace {

constexpr std::chrono::milliseconds kFirstRetry{100};
constexpr std::chrono::milliseconds kLastRetry{5000};
constexpr int kTriesAtClose = 3;

// Before SQLite sees any of the files.
std::int64_t look_over(const std::filesystem::path& folder, WallTime now) {
  keep_damaged_wals(folder, now);
  return highest_sealed_seq(folder);
}

Journal open_journal(const std::filesystem::path& folder, std::int64_t sealed_seq,
                     UnpackedRows& unpacked) {
  try {
    return {folder, sealed_seq, unpacked};
  } catch (const SqliteError& error) {
    if (!error.damaged()) throw;
    const std::string hot = hot_path(folder).string();
    throw Error("the database is damaged: " + std::string(error.what()) +
                "\nKeep it for repair (mv " + hot +
                "* elsewhere) and start again; the day files stay and remain searchable");
  }
}

}  // namespace

struct TranscriptWriter::Impl {
  Impl(const std::filesystem::path& where, const StorageLimits& storage, const Clock& time)
      : folder(where),
        lock(where),
        room(where),
        clock(time),
        keep(storage.keep),
        keep_bytes(storage.keep_bytes),
        queue(storage.queue_bytes, stats),
        sealed_at_opening(look_over(where, time.now().wall)),
        journal(open_journal(where, sealed_at_opening, unpacked)),
        sealer(where, sealed_at_opening, unpacked),
        schedule(journal.waiting().rows, journal.waiting().raw_bytes, time.now()) {
    load();
    committing = std::thread([this] { commit_loop(); });
    pthread_setname_np(committing.native_handle(), "commit");
    sealing = std::thread([this] { seal_loop(); });
    pthread_setname_np(sealing.native_handle(), "seal");
  }

  ~Impl() {
    schedule.stop();
    queue.close();
    sealing.join();
    committing.join();
  }

  void load();
  void adopt_consoles();
  ConsoleId console_id(std::string_view name, std::string_view endpoint);

  void commit_loop();
  bool commit_until_done(const Batch& batch);
  bool commit(const Batch& batch);
  void count_commit(Micros took);
  void finish(const Batch& batch);

  void seal_loop();
  bool seal_while_wanted();
  void pack_while_idle();
  void keep_to_limits();
  void make_room();
  void forget_boots();
  void measure();

  const std::filesystem::path folder;
  const FolderLock lock;
  DiskRoom room;
  const Clock& clock;
  std::atomic<Micros> keep;
  std::atomic<std::uint64_t> keep_bytes;
  StorageStats stats;
  std::atomic<Day> oldest_day{};  // that stats know of: looking into its file takes a while
  AppendQueue queue;
  const std::int64_t sealed_at_opening;
  UnpackedRows unpacked;
  Journal journal;  // the committing thread's, once it runs
  Sealer sealer;    // the sealing thread's
  SealSchedule schedule;

  std::mutex consoles_mutex;
  struct Known {
    ConsoleId id = 0;
    std::string endpoint;
  };
  std::map<std::string, Known, std::less<>> consoles;
  ConsoleId last_console = 0;

  IncidentId last_incident = 0;  // these three as of the opening
  std::vector<IncidentRow> open;
  std::vector<SpooledAlert> spooled;

  std::thread committing, sealing;
};

void TranscriptWriter::Impl::load() {
  last_incident = journal.last_incident_id();
  open = journal.open_incidents();
  spooled = journal.spooled_alerts();
  const std::vector<ConsoleRow> rows = journal.consoles();
  for (const ConsoleRow& row : rows) consoles[row.name] = {row.id, row.endpoint};
  if (rows.empty()) adopt_consoles();
  for (const auto& [name, known] : consoles) last_console = std::max(last_console, known.id);
  measure();
}

// When hot.db was lost, the day files still say which console has which number.
void TranscriptWriter::Impl::adopt_consoles() {
  for (const auto& [id, name] : names_in_days(folder)) {
    consoles[name] = {id, ""};
    ConsoleRow row;
    row.id = id;
    row.name = name;
    queue.change([&](Batch& batch) { batch.new_consoles.push_back(row); }, false);
  }
}

ConsoleId TranscriptWriter::Impl::console_id(std::string_view name, std::string_view endpoint) {
  const std::lock_guard guard(consoles_mutex);
  const auto found = consoles.find(name);
  if (found != consoles.end() && found->second.endpoint == endpoint) return found->second.id;
  ConsoleRow row;
  row.id = found != consoles.end() ? found->second.id : ++last_console;
  row.name = name;
  row.endpoint = endpoint;
  consoles[row.name] = {row.id, row.endpoint};
  queue.change([&](Batch& batch) { batch.new_consoles.push_back(row); }, false);
  return row.id;
}

void TranscriptWriter::Impl::commit_loop() {
  for (;;) {
    const Batch* batch = queue.take();
    if (batch && !commit_until_done(*batch)) return;
    if (!batch && queue.closed()) return;
  }
}

// False when the disk still refuses while the writer is being closed.
bool TranscriptWriter::Impl::commit_until_done(const Batch& batch) {
  std::chrono::milliseconds delay = kFirstRetry;
  for (int tries = 1; !commit(batch); ++tries) {
    queue.failed();
    if (queue.closed() && tries >= kTriesAtClose) {
      log_error("what was not yet on disk in " + folder.string() + " is lost");
      return false;
    }
    queue.wait_before_retry(delay);
    delay = std::min(delay * 2, kLastRetry);
  }
  finish(batch);
  return true;
}

bool TranscriptWriter::Impl::commit(const Batch& batch) {
  const MonoTime begun = clock.now().mono;
  try {
    journal.commit(batch);
  } catch (const SqliteError& error) {
    if (stats.commit_failures++ % 32 == 0) log_error(std::string("cannot store: ") + error.what());
    if (error.disk_full()) make_room();
    return false;
  }
  room.wrote();
  count_commit(clock.now().mono - begun);
  return true;
}

void TranscriptWriter::Impl::count_commit(Micros took) {
  const double seconds = std::chrono::duration<double>(took).count();
  const auto& bounds = StorageStats::kCommitBoundsSeconds;
  const auto slot = std::lower_bound(bounds.begin(), bounds.end(), seconds) - bounds.begin();
  ++stats.commit_durations[static_cast<std::size_t>(slot)];
  stats.commit_duration_sum_us += static_cast<std::uint64_t>(took.count());
  ++stats.commits;
}

void TranscriptWriter::Impl::finish(const Batch& batch) {
  const Instant now = clock.now();
  stats.written_bytes += batch.data_bytes;
  stats.last_commit_us = unix_micros(now.wall);
  stats.hot_bytes = bytes_on_disk(hot_path(folder));
  if (stats.oldest_record_us == 0 && !batch.frames.empty()) {
    stats.oldest_record_us = unix_micros(batch.oldest);
  }
  if (batch.sealed) schedule.taken_out(batch.sealed->rows, batch.sealed->raw_bytes, now);
  schedule.committed(batch.frames.size(), batch.bytes.size(), now);
  queue.done(now.wall);
}

void TranscriptWriter::Impl::seal_loop() {
  while (schedule.wait(clock)) {
    bool ok = false;
    try {
      ok = seal_while_wanted();
      keep_to_limits();
      if (ok) pack_while_idle();
    } catch (const std::exception& error) {
      log_error(std::string("cannot seal: ") + error.what());
      const auto* sqlite = dynamic_cast<const SqliteError*>(&error);
      if (sqlite && sqlite->disk_full()) make_room();
    }
    schedule.round_done(ok, clock.now());
  }
}

bool TranscriptWriter::Impl::seal_while_wanted() {
  while (schedule.wants_step(clock.now())) {
    const std::uint64_t most = schedule.far_behind() ? Sealer::kLongStepBytes : Sealer::kStepBytes;
    auto step = sealer.step(schedule.leaves(clock.now()), most);
    if (!step) break;
    if (step->damaged_rows > 0) {
      log_error(folder.string() + ": " + std::to_string(step->damaged_rows) +
                " journal rows are damaged and lost");
    }
    queue.change([&](Batch& batch) { batch.sealed = std::move(*step); }, true);
    if (!queue.settle()) return false;
  }
  return true;
}

void TranscriptWriter::Impl::pack_while_idle() {
  bool packed = false;
  while (schedule.idle(clock.now()) && sealer.pack(clock.now().wall)) packed = true;
  if (packed) measure();
}

void TranscriptWriter::Impl::keep_to_limits() {
  const bool removed = apply_retention(folder, keep, keep_bytes, clock.now().wall) > 0;
  measure();
  if (removed) forget_boots();
  room.put_aside();
}

void TranscriptWriter::Impl::make_room() {
  if (!room.make(clock.now())) return;
  measure();
  forget_boots();
}

// Those whose lines are gone. Only when a day went: one moved aside may come back.
void TranscriptWriter::Impl::forget_boots() {
  const WallTime oldest = from_unix_micros(stats.oldest_record_us);
  queue.change([&](Batch& batch) { batch.oldest_boot = oldest; }, false);
}

void TranscriptWriter::Impl::measure() {
  stats.hot_bytes = bytes_on_disk(hot_path(folder));
  stats.days_bytes = bytes_of_days(folder);
  const std::vector<Day> days = stored_days(folder);
  const Day oldest = days.empty() ? Day{} : days.front();
  if (oldest_day.exchange(oldest) != oldest || days.empty())
    stats.oldest_record_us = unix_micros(oldest_record(folder));
}

TranscriptWriter::TranscriptWriter(const std::filesystem::path& folder, const StorageLimits& limits,
                                   const Clock& clock)
    : impl_(std::make_unique<Impl>(folder, limits, clock)) {}

TranscriptWriter::~TranscriptWriter() = default;

ConsoleId TranscriptWriter::console_id(std::string_view name, std::string_view endpoint) {
  return impl_->console_id(name, endpoint);
}

std::size_t TranscriptWriter::append(std::span<const Record> records,
                                     std::span<const IncidentRow> incidents,
                                     std::span<const BootRow> boots) {
  return impl_->queue.append(records, incidents, boots);
}

void TranscriptWriter::update_console(const ConsoleRow& row) {
  impl_->queue.change([&](Batch& batch) { batch.changed_consoles.push_back(row); }, false);
}

void TranscriptWriter::set_labels(ConsoleId console, ConsoleLabels labels) {
  impl_->queue.change([&](Batch& batch) { batch.labels[console] = std::move(labels); }, false);
}

void TranscriptWriter::add_note(IncidentNote note) {
  impl_->queue.change([&](Batch& batch) { batch.notes.push_back(std::move(note)); }, true);
}

void TranscriptWriter::spool_alert(SpooledAlert alert) {
  impl_->queue.change([&](Batch& batch) { batch.alerts.push_back(std::move(alert)); }, false);
}

bool TranscriptWriter::flush() { return impl_->queue.flush(); }

bool TranscriptWriter::seal() { return impl_->schedule.seal_all(); }

void TranscriptWriter::set_limits(const StorageLimits& limits) {
  impl_->keep = limits.keep;
  impl_->keep_bytes = limits.keep_bytes;
}

const StorageStats& TranscriptWriter::stats() const { return impl_->stats; }

IncidentId TranscriptWriter::last_incident_id() const { return impl_->last_incident; }
std::vector<IncidentRow> TranscriptWriter::open_incidents() const { return impl_->open; }
std::vector<SpooledAlert> TranscriptWriter::spooled_alerts() const { return impl_->spooled; }

}  // namespace lastgasp
