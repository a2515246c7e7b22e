#include "exporters/delivery/sender.h"

#include <algorithm>

#include "collector/core/bytes.h"
#include "collector/core/error.h"
#include "collector/core/log.h"

namespace lastgasp {
namespace {

constexpr Micros kFirstBackOff{std::chrono::seconds(1)};
constexpr Micros kLongestBackOff{std::chrono::seconds(30)};

constexpr std::size_t kDeliveriesKept = 1000;

std::shared_ptr<ReceiverMetrics> receiver_metrics(std::string name, const DeliveryPolicy& policy) {
  auto metrics = std::make_shared<ReceiverMetrics>();
  metrics->receiver = std::move(name);
  metrics->queue_capacity = policy.queue_capacity;
  return metrics;
}

}  // namespace

Sender::Sender(std::string name, std::unique_ptr<Channel> channel, AlertFilter filter,
               const Clock& clock, Spool spool, Accepted accepted)
    : clock_(clock),
      metrics_(receiver_metrics(std::move(name), channel->policy())),
      channel_(std::move(channel)),
      spool_(std::move(spool)),
      accepted_(std::move(accepted)),
      queue_(*channel_, *metrics_,
             [this](std::int64_t incident) {
               if (spool_) spool_(receiver(), incident, "");
             }),
      filter_(std::move(filter)) {}

Sender::~Sender() { stop(); }

void Sender::start() { thread_ = std::thread(&Sender::run, this); }

void Sender::stop() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Sender::notify(const Alert& alert) {
  {
    const std::lock_guard lock(mutex_);
    if (!queue_.state(alert.incident) && !filter_.passes(alert)) return;
    queue_.put(alert, clock_.now());
    keep(alert.incident);
    poked_ = true;
  }
  wake_.notify_all();
}

void Sender::restore(const SpooledState& state) {
  {
    const std::lock_guard lock(mutex_);
    if (queue_.state(state.alert.incident)) return;
    queue_.restore(state, clock_.now());
    poked_ = true;
  }
  wake_.notify_all();
}

void Sender::introduce(const Alert& alert) {
  const std::lock_guard lock(mutex_);
  if (queue_.state(alert.incident) || !filter_.passes(alert)) return;
  queue_.put(alert, clock_.now());
  keep(alert.incident);
}

std::vector<SpooledState> Sender::states() const {
  const std::lock_guard lock(mutex_);
  return queue_.states();
}

void Sender::set_filter(AlertFilter filter) {
  const std::lock_guard lock(mutex_);
  filter_ = std::move(filter);
}

void Sender::keep(std::int64_t incident) {
  if (const auto state = queue_.state(incident); state && spool_)
    spool_(receiver(), incident, to_json(*state));
}

void Sender::known_elsewhere(const std::vector<std::int64_t>& incidents) {
  const std::lock_guard lock(mutex_);
  queue_.known_elsewhere(incidents);
}

void Sender::poke() {
  {
    const std::lock_guard lock(mutex_);
    poked_ = true;
  }
  wake_.notify_all();
}

bool Sender::drain(Micros at_most) {
  poke();
  std::unique_lock lock(mutex_);
  return idle_.wait_for(lock, at_most, [this] { return nothing_to_do(); });
}

bool Sender::nothing_to_do() const {
  const Instant now = clock_.now();
  return !busy_ && (now.mono < retry_at_ || !queue_.due(now));
}

void Sender::run() {
  std::unique_lock lock(mutex_);
  while (!stop_) {
    const Instant now = clock_.now();
    const bool holding_off = now.mono < retry_at_;
    Items items = holding_off ? Items{} : queue_.take(now);
    if (items.empty()) {
      idle_.notify_all();
      const Micros pause = std::max(queue_.until_due(now), retry_at_ - now.mono);
      wake_.wait_for(lock, pause, [this] { return poked_ || stop_; });
      poked_ = false;
      continue;
    }
    busy_ = true;
    lock.unlock();
    const bool delivered = deliver(std::move(items));
    lock.lock();
    busy_ = false;
    after(delivered);
  }
}

void Sender::after(bool delivered) {
  if (delivered) {
    back_off_ = Micros{0};
    retry_at_ = {};
    return;
  }
  back_off_ = std::clamp(back_off_ * 2, kFirstBackOff, kLongestBackOff);
  retry_at_ = clock_.now().mono + back_off_;
}

// Alertmanager refuses a request for one bad alert in it. Halving finds that one without posting
// every good one by itself.
bool Sender::deliver(Items items) {
  switch (send(items).outcome) {
    case Outcome::accepted:
      accept(items);
      return true;
    case Outcome::failed:
      put_back(items);
      return false;
    case Outcome::refused:
      break;
  }
  if (items.size() == 1) {
    drop(items.front());
    return true;
  }
  const auto middle = items.begin() + static_cast<std::ptrdiff_t>(items.size() / 2);
  Items second(std::make_move_iterator(middle), std::make_move_iterator(items.end()));
  items.erase(middle, items.end());
  return deliver(std::move(items)) && deliver(std::move(second));
}

Channel::Reply Sender::send(const Items& items) {
  Channel::Reply reply = channel_->deliver(items, stop_);
  if (stop_) return {};
  record(items, reply);
  if (reply.outcome != Outcome::accepted) {
    ++metrics_->failures;
    tell_trouble(reply, items.size() == 1);
  } else if (!last_trouble_.empty()) {
    log_info("receiver " + escaped(receiver()) + " takes alerts again");
    last_trouble_.clear();
  }
  return reply;
}

void Sender::tell_trouble(const Channel::Reply& reply, bool alone) {
  const std::string trouble = escaped(reply.trouble);
  if (reply.outcome == Outcome::refused) {
    if (alone) log_error("receiver " + escaped(receiver()) + " refuses an alert: " + trouble);
    return;
  }
  if (trouble != last_trouble_)
    log_warning("receiver " + escaped(receiver()) +
                " does not take alerts, will try again: " + trouble);
  last_trouble_ = trouble;
}

void Sender::accept(const Items& items) {
  std::vector<std::int64_t> incidents;
  for (const auto& item : items) incidents.push_back(item.key.first);
  {
    const std::lock_guard lock(mutex_);
    queue_.accepted(items, clock_.now());
    if (!repeats())
      for (const std::int64_t incident : incidents) keep(incident);
  }
  accepted_(*this, incidents);
}

void Sender::put_back(const Items& items) {
  const std::lock_guard lock(mutex_);
  queue_.failed(items);
}

void Sender::drop(const Notification& item) {
  const std::lock_guard lock(mutex_);
  queue_.refused(item);
}

std::optional<DeliveryRecord> Sender::delivery(std::int64_t incident) const {
  const std::lock_guard lock(mutex_);
  const auto known = deliveries_.find(incident);
  const auto state = queue_.state(incident);
  if (known == deliveries_.end() && !state) return std::nullopt;
  DeliveryRecord record = known == deliveries_.end() ? DeliveryRecord{} : known->second;
  record.receiver = receiver();
  if (state && state->waiting) record.state = "waiting";
  if (record.state.empty()) record.state = "accepted";  // before the last restart
  return record;
}

// The oldest incidents go when there are too many.
void Sender::record(const Items& items, const Channel::Reply& reply) {
  const WallTime now = clock_.now().wall;
  const std::lock_guard lock(mutex_);
  for (const Notification& item : items) {
    DeliveryRecord& record = deliveries_[item.key.first];
    record.state = reply.outcome == Outcome::accepted  ? "accepted"
                   : reply.outcome == Outcome::refused ? "refused"
                                                       : "waiting";
    record.sent = now;
    if (reply.outcome == Outcome::accepted) record.accepted = now;
    record.error = reply.outcome == Outcome::accepted ? "" : reply.trouble;
  }
  while (deliveries_.size() > kDeliveriesKept) deliveries_.erase(deliveries_.begin());
}

}  // namespace lastgasp
