// Sends incidents straight to Alertmanager: to every instance, each with a thread, a bounded queue
// and a life of its own, so that a dead instance delays nobody. Firing alerts are re-sent every
// minute with endsAt 4 minutes ahead; a resolution is sent no sooner than 15 minutes after the
// start (one that ends within group_wait is never delivered). What an instance has not accepted is
// kept, over a restart too, and sent when it answers again; a full queue drops the oldest.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "collector/core/clock.h"
#include "exporters/alertmanager/alert.h"
#include "exporters/metrics/metrics.h"

namespace lastgasp {

struct AlertmanagerSettings {
  std::vector<std::string> urls;            // "http://am1:9093", a path prefix allowed
  std::size_t queue_capacity = 10'000;      // alerts for each instance
  Micros resend{std::chrono::minutes(1)};
  Micros ends_after{std::chrono::minutes(4)};
  Micros minimum_hold{std::chrono::minutes(15)};
  Micros timeout{std::chrono::seconds(10)};
};

class AlertmanagerClient {
 public:
  // `spool(receiver, incident, body)` keeps an alert on disk, or with an empty body forgets it; any
  // thread of the client calls it.
  using Spool = std::function<void(const std::string& receiver, std::int64_t incident,
                                   const std::string& body)>;
  AlertmanagerClient(AlertmanagerSettings settings, const Clock& clock, Spool spool);
  ~AlertmanagerClient();  // stops within the time of one request; nothing spooled is lost

  // A new or changed incident. Any thread; never waits.
  void notify(const Alert& alert);
  // After a restart, before the first notify: what the spool held.
  void restore(const std::string& receiver, const std::string& body);

  std::vector<std::shared_ptr<ReceiverMetrics>> metrics() const;
  // Blocks until nothing is waiting to be sent to the instances that answer. For tests and the end.
  bool drain(Micros at_most);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace lastgasp
