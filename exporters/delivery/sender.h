// Private to this folder: one receiver, its queue and the thread that feeds it.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "exporters/delivery/alert_filter.h"
#include "exporters/delivery/alert_queue.h"
#include "exporters/delivery/channel.h"
#include "exporters/delivery/delivery_record.h"

namespace lastgasp {

// `spool(receiver, incident, body)` keeps an alert on disk, or with an empty body forgets it.
// Called with a lock held: it must not wait for long nor call back.
using Spool = std::function<void(const std::string& receiver, std::int64_t incident,
                                 const std::string& body)>;

// Every public function but the constructor is safe from any thread.
class Sender {
 public:
  // Called on the sender's thread, without its lock, with the incidents the receiver has accepted.
  using Accepted = std::function<void(const Sender&, const std::vector<std::int64_t>&)>;

  // `clock` outlives the sender. The thread runs from start() on.
  Sender(std::string name, std::unique_ptr<Channel> channel, AlertFilter filter, const Clock& clock,
         Spool spool, Accepted accepted);
  ~Sender();

  void start();
  void stop();  // breaks off the notification; returns when the thread has ended

  // Takes what the filter lets pass, and whatever becomes of an incident the receiver knows of.
  void notify(const Alert& alert);
  // What was kept, and what fires already: before start(), and nothing that notify() knows better.
  void restore(const SpooledState& state);
  void introduce(const Alert& alert);
  std::vector<SpooledState> states() const;  // all that is kept
  void set_filter(AlertFilter filter);
  void known_elsewhere(const std::vector<std::int64_t>& incidents);
  void poke();
  bool drain(Micros at_most);

  const std::string& receiver() const { return metrics_->receiver; }
  bool repeats() const { return channel_->policy().repeats; }
  std::shared_ptr<ReceiverMetrics> metrics() const { return metrics_; }
  // Of the last thousand incidents.
  std::optional<DeliveryRecord> delivery(std::int64_t incident) const;

 private:
  using Items = std::vector<Notification>;
  using Outcome = Channel::Outcome;

  void run();
  bool nothing_to_do() const;
  bool deliver(Items items);
  Channel::Reply send(const Items& items);
  void tell_trouble(const Channel::Reply& reply, bool alone);
  void accept(const Items& items);
  void put_back(const Items& items);
  void drop(const Notification& item);
  void keep(std::int64_t incident);
  void record(const Items& items, const Channel::Reply& reply);
  void after(bool delivered);

  const Clock& clock_;
  const std::shared_ptr<ReceiverMetrics> metrics_;
  const std::unique_ptr<Channel> channel_;
  const Spool spool_;
  const Accepted accepted_;
  std::atomic<bool> stop_{false};
  std::string last_trouble_;  // of the thread

  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable wake_, idle_;
  AlertQueue queue_;
  AlertFilter filter_;
  std::map<std::int64_t, DeliveryRecord> deliveries_;  // by incident
  bool poked_ = false, busy_ = false;
  MonoTime retry_at_{};  // the receiver failed: not before then
  Micros back_off_{0};
  std::thread thread_;
};

}  // namespace lastgasp
