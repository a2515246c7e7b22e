// All receivers of alerts: each with a thread, a bounded queue and a life of its own, so that a
// dead one delays nobody. What a receiver has not accepted is kept, over a restart too, and sent
// when it answers again; a full queue drops the oldest. Those that know alerts by their labels
// (several Alertmanagers of one cluster) speak of the same: one that comes back late is told of
// what has ended meanwhile only if no other was, and then first as firing.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "collector/core/clock.h"
#include "exporters/delivery/alert_filter.h"
#include "exporters/delivery/channel.h"
#include "exporters/delivery/delivery_record.h"
#include "exporters/delivery/sender.h"
#include "exporters/metrics/metrics.h"

namespace lastgasp {

struct Receiver {
  std::string name;  // its label in metrics, and what the spool knows it by
  AlertFilter filter;
  std::string address;  // whatever the channel is made from: another text, another channel
  std::function<std::unique_ptr<Channel>()> open;  // may throw Error
};

class Receivers {
 public:
  // `clock` outlives this and is safe from any thread. `spool` may be empty.
  Receivers(const std::vector<Receiver>& receivers, const Clock& clock, Spool spool);
  ~Receivers();  // stops within a second, breaking off what is under way; the spool is kept

  // A new or changed incident. Any thread; never waits for a receiver.
  void notify(const Alert& alert);
  // After a restart, before the first notify: what the spool held. A damaged body is logged and
  // left; what was kept for a receiver that is configured no more is forgotten.
  void restore(const std::string& receiver, const std::string& body);
  // Other receivers from now on. One that stays keeps its queue, also when its address or filter
  // changed; a new one is told what `firing` then says; one that goes is stopped within a second.
  // Of two with one name the first counts.
  using Firing = std::function<std::vector<Alert>()>;
  void set(const std::vector<Receiver>& receivers, const Firing& firing);
  // The clock was moved: look at it again. Only a clock that does not run by itself needs this.
  void poke();

  std::vector<std::shared_ptr<ReceiverMetrics>> metrics() const;
  // How far the news of one incident got: those receivers that were told or are to be.
  std::vector<DeliveryRecord> deliveries(std::int64_t incident) const;
  // Blocks until nothing is waiting to be sent to the receivers that answer. For tests and the end.
  // False when it took longer than `at_most` (of real time).
  bool drain(Micros at_most);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace lastgasp
