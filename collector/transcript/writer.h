// The only writer of the database. Shard threads append; one thread of its own commits, seals full
// days into day files and keeps to the retention limits. Appending never waits for the disk.
//
// Durability: what was appended is committed (SQLite WAL, synchronous=FULL) at most 200 ms plus one
// commit later, or as soon as 2 MiB wait. What a reader of the database can see is on disk.
// When the queue is full, records are refused; the loss is counted for each console and a gap
// record takes their place as soon as there is room. Rows of incidents and boots are never refused.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "collector/core/clock.h"
#include "collector/core/error.h"
#include "collector/transcript/boot_row.h"
#include "collector/transcript/console_labels.h"
#include "collector/transcript/incident_note.h"
#include "collector/transcript/incident_row.h"
#include "collector/transcript/record.h"

namespace lastgasp {

struct StorageLimits {
  Micros keep{std::chrono::hours(24 * 400)};        // a day file older than this goes
  std::uint64_t keep_bytes = 0;                     // total size of the folder; 0 is no limit
  std::size_t queue_bytes = std::size_t{64} << 20;  // appended and not yet committed
};

// What the database knows of a console besides its bytes.
struct ConsoleRow {
  ConsoleId id = 0;
  std::string name;
  std::string endpoint;
  std::string platform;
  std::string state;   // "up", "down", "connecting": as last written
  std::string reason;  // of LinkReason
  WallTime state_since{};
  WallTime last_received{};  // epoch when never
  std::uint64_t stored_bytes = 0;
};

// One pending or active alert of one receiver, kept so that it survives a restart.
struct SpooledAlert {
  std::string receiver;
  IncidentId incident = 0;
  std::string body;  // opaque to the store
};

// Read by the exporter at any time, written by the writer's threads.
struct StorageStats {
  std::atomic<std::uint64_t> written_bytes{0}, commits{0}, commit_failures{0};
  std::atomic<std::uint64_t> queue_bytes{0}, queue_limit_bytes{0};
  std::atomic<std::int64_t> oldest_unsynced_us{
      0};  // wall time of the oldest byte not on disk; 0 none
  std::atomic<std::int64_t> last_commit_us{0}, oldest_record_us{0};
  std::atomic<std::uint64_t> hot_bytes{0}, days_bytes{0};  // sizes on disk
  // Commit durations: how many took at most 1, 5, 10, 50, 100, 500 ms, 1 s, 5 s (not cumulative;
  // the last slot is longer), and their sum.
  static constexpr std::array<double, 8> kCommitBoundsSeconds{0.001, 0.005, 0.01, 0.05,
                                                              0.1,   0.5,   1.0,  5.0};
  std::array<std::atomic<std::uint64_t>, 9> commit_durations{};
  std::atomic<std::uint64_t> commit_duration_sum_us{0};
};

class TranscriptWriter {
 public:
  // Opens or creates the database in `folder` and takes its lock. Throws Error with the way out:
  // another daemon holds the folder, no permission, a newer format, a damaged database.
  TranscriptWriter(const std::filesystem::path& folder, const StorageLimits& limits,
                   const Clock& clock);
  ~TranscriptWriter();  // commits what waits, then closes

  // The id of the console called `name`, new if need be; on disk with or before its first record.
  // At start and reload, any thread.
  ConsoleId console_id(std::string_view name, std::string_view endpoint);

  // Appends records of one console and the incidents and boots they caused, as one unit: after a
  // crash of this process either all or none of them are there. Any thread; never waits for the
  // disk. Returns the number of bytes of data refused. Incidents are kept for ever, boots go with
  // the oldest record.
  std::size_t append(std::span<const Record> records, std::span<const IncidentRow> incidents = {},
                     std::span<const BootRow> boots = {});
  // Link state or platform of a console changed. Any thread.
  void update_console(const ConsoleRow& row);
  // The labels of the console, in place of those it had. At start and reload, any thread.
  void set_labels(ConsoleId console, ConsoleLabels labels);
  // What somebody says of an incident, kept as long as that. Any thread.
  void add_note(IncidentNote note);
  // Replaces, or with an empty body removes, a spooled alert. Any thread.
  void spool_alert(SpooledAlert alert);

  // Blocks until everything appended before the call is on disk or its loss is on record. False
  // when the disk refuses.
  bool flush();
  // Blocks until everything committed before the call is in day files but the lines still open.
  // False when the disk refuses. Sealing goes on by itself; this is for a moment of one's own
  // choice.
  bool seal();

  void set_limits(const StorageLimits& limits);  // reload; keep and keep_bytes only
  const StorageStats& stats() const;

  // As of the opening; for the restart.
  IncidentId last_incident_id() const;
  std::vector<IncidentRow> open_incidents() const;
  std::vector<SpooledAlert> spooled_alerts() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace lastgasp
