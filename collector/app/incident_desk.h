// Where the incidents of all shards arrive: gives ids, counts, logs, makes the row that is stored,
// and hands the alert on. Any thread.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "collector/transcript/incident_row.h"
#include "exporters/delivery/alert.h"
#include "exporters/metrics/metrics.h"
#include "rules/incident/incident.h"

namespace lastgasp {

class IncidentDesk {
 public:
  using Labels = std::vector<std::pair<std::string, std::string>>;
  using Acknowledged = std::unordered_map<IncidentId, std::string>;  // by whom
  // `alert` takes what is to be sent; called on the caller's thread, with a
  // lock held: it must not wait nor call the desk. `acknowledged`: open incidents that were before.
  IncidentDesk(IncidentId last_id, std::string external_url, std::atomic<std::uint64_t>& active,
               std::function<void(const Alert&)> alert, Acknowledged acknowledged);

  // A new or changed incident of the console with these metrics and labels; gives it its id if it
  // has none. The row is to be appended to the transcript together with the bytes that caused it.
  // `metrics` may be null (its console has left the configuration).
  IncidentRow take(Incident& incident, ConsoleId console, ConsoleMetrics* metrics);
  // The same of a whole group of consoles; `labels` are what they have in common.
  IncidentRow take(Incident& incident, const Labels& labels);
  // An incident that is still open after a restart of the collector or of its console: counts it as
  // active, and alerts it again.
  void resume(const Incident& incident, ConsoleMetrics* metrics);
  void resume(const Incident& incident, const Labels& labels);
  // Somebody looks after an open incident: its alert says so. Any other id does nothing.
  void acknowledge(IncidentId incident, const std::string& by);
  // The alerts of all open incidents, for a receiver that knows none of them.
  std::vector<Alert> firing() const;

 private:
  struct Counted {
    Kind kind{};
    Severity severity{};
    bool operator==(const Counted&) const = default;
  };
  enum class Step { begun, grown, same, ended };

  IncidentRow take(Incident& incident, ConsoleId console, ConsoleMetrics* metrics,
                   const Labels& labels);
  void resume(const Incident& incident, ConsoleMetrics* metrics, const Labels& labels);
  Step count(const Incident& incident, bool is_new, ConsoleMetrics* metrics);
  void send(const Incident& incident, const Labels& labels);

  mutable std::mutex mutex_;
  std::unordered_map<IncidentId, Counted> counted_;  // open incidents, as they were last told
  std::unordered_map<IncidentId, Alert> firing_;
  Acknowledged acknowledged_;  // of those in firing_, and of those yet to be resumed
  std::atomic<IncidentId> last_id_;
  std::string external_url_;
  std::atomic<std::uint64_t>& active_;
  std::function<void(const Alert&)> alert_;
};

}  // namespace lastgasp
