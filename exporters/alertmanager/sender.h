// Private to this folder: one Alertmanager instance, its queue and the thread that feeds it.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "exporters/alertmanager/alert_queue.h"
#include "exporters/alertmanager/http_post.h"

namespace lastgasp {

// Every public function but the constructor is safe from any thread.
class Sender {
 public:
  // Called on the sender's thread, without its lock, with the incidents the instance has accepted.
  using Accepted = std::function<void(const Sender&, const std::vector<std::int64_t>&)>;

  // `settings` and `clock` outlive the sender. The thread runs from start() on.
  Sender(const std::string& url, const AlertmanagerSettings& settings, const Clock& clock,
         AlertmanagerClient::Spool spool, Accepted accepted);
  ~Sender();

  void start();
  void stop();  // breaks off the request; returns when the thread has ended

  void notify(const Alert& alert);
  void restore(const Alert& alert);
  void known_elsewhere(const std::vector<std::int64_t>& incidents);
  void poke();
  bool drain(Micros at_most);

  const std::string& receiver() const { return metrics_->receiver; }
  std::shared_ptr<ReceiverMetrics> metrics() const { return metrics_; }

 private:
  using Items = std::vector<AlertQueue::Item>;
  enum class Outcome { accepted, refused, failed };

  void run();
  bool nothing_to_do() const;
  bool deliver(Items items);
  Outcome post(const Items& items);
  void accept(const Items& items);
  void drop(const AlertQueue::Item& item);
  void after(bool delivered);

  const Clock& clock_;
  const std::shared_ptr<ReceiverMetrics> metrics_;
  const AlertmanagerClient::Spool spool_;
  const Accepted accepted_;
  std::atomic<bool> stop_{false};
  HttpPost http_;             // of the thread
  std::string last_trouble_;  // of the thread

  std::mutex mutex_;  // guards what follows
  std::condition_variable wake_, idle_;
  AlertQueue queue_;
  bool poked_ = false, busy_ = false;
  MonoTime retry_at_{};  // the instance did not answer: not before then
  Micros back_off_{0};
  std::thread thread_;
};

}  // namespace lastgasp
