// Sends incidents straight to Alertmanager: to every instance, each with a thread, a bounded queue
// and a life of its own, so that a dead instance delays nobody. Firing alerts are re-sent every
// minute with endsAt 4 minutes ahead; a resolution is sent no sooner than 15 minutes after the
// start (one that ends within group_wait is never delivered). What an instance has not accepted is
// kept, over a restart too, and sent when it answers again; a full queue drops the oldest.
// An instance that comes back late is told of what has ended meanwhile only if no other instance
// was, and then first as firing.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "collector/core/clock.h"
#include "exporters/alertmanager/alert.h"
#include "exporters/metrics/metrics.h"

namespace lastgasp {

struct AlertmanagerSettings {
  std::vector<std::string> urls;        // "http://user:password@am1:9093/prefix"
  std::size_t queue_capacity = 10'000;  // alerts kept for each instance, waiting or firing
  Micros resend{std::chrono::minutes(1)};
  Micros ends_after{std::chrono::minutes(4)};
  Micros minimum_hold{std::chrono::minutes(15)};
  Micros timeout{std::chrono::seconds(10)};
};

class AlertmanagerClient {
 public:
  // `spool(receiver, incident, body)` keeps an alert on disk, or with an empty body forgets it. The
  // receiver is the URL without credentials. Called by notify and by any thread of the client, with
  // a lock held: it must not wait for long nor call the client.
  using Spool = std::function<void(const std::string& receiver, std::int64_t incident,
                                   const std::string& body)>;
  // `clock` outlives the client and is safe from any thread. `spool` may be empty. Throws Error
  // when a URL is not http or https.
  AlertmanagerClient(AlertmanagerSettings settings, const Clock& clock, Spool spool);
  ~AlertmanagerClient();  // stops within a second, breaking off a request; the spool is kept

  // A new or changed incident. Any thread; never waits for an instance.
  void notify(const Alert& alert);
  // After a restart, before the first notify: what the spool held. A damaged body is logged and
  // left; what was kept for an instance that is configured no more is forgotten.
  void restore(const std::string& receiver, const std::string& body);
  // Other instances from now on. One that stays keeps its queue; a new one is told what is firing;
  // one that goes is stopped within a second. Throws Error when a URL is not http or https.
  void set_urls(const std::vector<std::string>& urls, const std::vector<Alert>& firing);
  // The clock was moved: look at it again. Only a clock that does not run by itself needs this.
  void poke();

  std::vector<std::shared_ptr<ReceiverMetrics>> metrics() const;
  // Blocks until nothing is waiting to be sent to the instances that answer. For tests and the end.
  // False when it took longer than `at_most` (of real time).
  bool drain(Micros at_most);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace lastgasp
