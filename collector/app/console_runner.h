// One console at work: its link, its pipeline, its counters, its transcript. Owned by a shard and
// touched by that shard's thread only, but for the metrics and what status() returns.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "collector/app/config.h"
#include "collector/app/console_view.h"
#include "collector/app/incident_desk.h"
#include "collector/app/pipeline.h"
#include "collector/console/link.h"
#include "collector/line/garble_meter.h"
#include "collector/transcript/writer.h"
#include "exporters/metrics/metrics.h"
#include "rules/incident/outage.h"
#include "rules/redaction/redactor.h"

namespace lastgasp {

// What all runners use; outlives them.
struct RunnerServices {
  const Clock& clock;
  TranscriptWriter& writer;
  IncidentDesk& desk;
  Metrics& metrics;
};

// What the consoles of a shard tell it while they work. The shard's thread only.
struct ShardNotes {
  std::uint64_t reads = 0;                  // so far: how busy it is
  MonoTime earliest_due = MonoTime::max();  // none of them is due before it
};

class ConsoleRunner final : public LinkObserver, public TrackerSink {
 public:
  // `matching` and `notes` are the shard's and outlive the runner.
  ConsoleRunner(ConsoleConfig config, const TrackerSettings& settings, ConsoleId id,
                Matching& matching, ShardNotes& notes, RunnerServices services);

  // Incidents of this console that were open when the collector last ran.
  void restore(std::vector<Incident> open, Instant now);
  void start(asio::io_context& context, std::shared_ptr<ConnectBudget> budget);
  // Stops reading and says so in the transcript; its series leave the metrics.
  void stop(std::string_view why);
  // The console left the configuration: its open incidents end. After stop().
  void resolve_all(std::string_view resolution);
  const std::vector<Incident>& open_incidents() { return pipeline_.tracker().open_incidents(); }
  // Call when `now` has reached due().
  void tick(Instant now);
  MonoTime due() const { return due_; }

  // Any thread.
  const ConsoleConfig& config() const { return config_; }
  ConsoleId id() const { return id_; }
  const std::string& server() const { return server_; }
  ConsoleMetrics& metrics() { return *metrics_; }
  bool tried() const { return tried_.load(std::memory_order_relaxed); }
  std::string detail() const;
  ConsoleActivity activity() const;  // but for its groups
  ConsoleStanding standing() const;

 private:
  void on_bytes(std::string_view bytes, Instant at) override;
  void on_status(const LinkStatus& status, Instant at) override;
  void on_line_errors(const LineErrors& errors, Instant at) override;
  void on_attempt(Instant at) override;
  void on_incident(Incident& incident) override;
  void on_boot(const Boot& boot) override;
  void on_platform(std::string_view platform) override;

  void note_due();
  void keep(std::string_view bytes, Instant at);
  void end_redaction(Instant at);
  std::string shown(const LinkStatus& status) const;
  void mark(RecordKind kind, std::string_view text, Instant at);
  void append(const Record* record);
  void end_boot();
  void set_overdue(bool overdue, MonoTime now);
  void note_link(bool is_up, MonoTime now);
  void count_failure(const LinkStatus& status, bool was_up);
  void log_status(bool changed) const;
  void publish_state();
  void update_row();

  const ConsoleConfig config_;
  const Endpoint endpoint_;
  const ConsoleId id_;
  const std::string server_;
  RunnerServices services_;
  std::shared_ptr<ConsoleMetrics> metrics_;
  Matching& matching_;
  ShardNotes& notes_;
  Redactor redactor_;
  std::uint64_t masked_ = 0;  // secrets, as far as they are counted
  Pipeline pipeline_;
  GarbleMeter garble_;
  std::unique_ptr<Link> link_;
  std::vector<IncidentRow> rows_;  // of incidents that changed and are not appended yet
  std::vector<BootRow> boots_;     // likewise
  LinkStatus status_;
  LinkReason settled_reason_ = LinkReason::none;  // the last but for attempts under way
  WallTime state_since_{};
  std::uint64_t line_errors_ = 0;          // since the last read
  MonoTime due_ = MonoTime::max();         // of all that waits for time here
  std::optional<Boot> boot_;               // going on
  MonoTime overdue_at_ = MonoTime::max();  // then it is silent
  bool overdue_ = false;

  std::atomic<bool> tried_{false};
  std::atomic<bool> up_{false};
  std::atomic<bool> booting_{false};
  std::atomic<std::int64_t> link_mono_us_{0};  // when the link came up or went down
  std::atomic<std::int64_t> byte_mono_us_{0};  // last byte; 0 none yet
  MonoTime down_since_{};                      // before the link came up last
  mutable std::mutex detail_mutex_;
  std::string detail_;
};

}  // namespace lastgasp
