#include "exporters/alertmanager/sender.h"

#include <algorithm>
#include <array>

#include "collector/core/bytes.h"
#include "collector/core/error.h"
#include "collector/core/log.h"

namespace lastgasp {
namespace {

constexpr Micros kFirstBackOff{std::chrono::seconds(1)};
constexpr Micros kLongestBackOff{std::chrono::seconds(30)};

// The URL as a name: without credentials and without the '/' at the end.
std::string receiver_name(std::string url) {
  const auto scheme = url.find("://");
  if (scheme == std::string::npos || !(url.starts_with("http://") || url.starts_with("https://")))
    throw Error("alertmanager URL \"" + escaped(url) + "\": write http://HOST:PORT or https://...");
  const auto host = scheme + 3;
  const auto end = url.find_first_of("/?#", host);
  const auto at = url.rfind('@', end);
  if (at != std::string::npos && at >= host) url.erase(host, at + 1 - host);
  while (url.back() == '/') url.pop_back();
  return url;
}

std::string api_url(std::string url) {
  while (url.back() == '/') url.pop_back();
  return url + "/api/v2/alerts";
}

std::shared_ptr<ReceiverMetrics> receiver_metrics(const std::string& url,
                                                  const AlertmanagerSettings& settings) {
  auto metrics = std::make_shared<ReceiverMetrics>();
  metrics->receiver = receiver_name(url);
  metrics->queue_capacity = settings.queue_capacity;
  return metrics;
}

// Whether a status speaks of the way to the receiver (credentials, path, load) and not of the
// alerts: they are as good as before.
bool about_the_way(int status) {
  constexpr std::array ways{401, 403, 404, 405, 407, 408, 429};
  return status < 400 || status >= 500 || std::count(ways.begin(), ways.end(), status) > 0;
}

std::string joined(const std::vector<AlertQueue::Item>& items) {
  std::string body = "[";
  for (const auto& item : items) {
    if (body.size() > 1) body += ',';
    body += item.json;
  }
  return body + "]";
}

}  // namespace

Sender::Sender(const std::string& url, const AlertmanagerSettings& settings, const Clock& clock,
               AlertmanagerClient::Spool spool, Accepted accepted)
    : clock_(clock),
      metrics_(receiver_metrics(url, settings)),
      spool_(std::move(spool)),
      accepted_(std::move(accepted)),
      http_(api_url(url), settings.timeout, stop_),
      queue_(settings, *metrics_, [this](std::int64_t incident) {
        if (spool_) spool_(receiver(), incident, "");
      }) {}

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
  const std::string body = to_json(alert);
  {
    const std::lock_guard lock(mutex_);
    if (spool_) spool_(receiver(), alert.incident, body);
    queue_.put(alert, clock_.now());
    poked_ = true;
  }
  wake_.notify_all();
}

void Sender::restore(const Alert& alert) {
  {
    const std::lock_guard lock(mutex_);
    queue_.put(alert, clock_.now());
    poked_ = true;
  }
  wake_.notify_all();
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
  switch (post(items)) {
    case Outcome::accepted:
      accept(items);
      return true;
    case Outcome::failed:
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

Sender::Outcome Sender::post(const Items& items) {
  const HttpReply reply = http_.post(joined(items));
  if (stop_) return Outcome::failed;
  if (reply.status >= 200 && reply.status < 300) {
    if (!last_trouble_.empty()) log_info("alertmanager " + receiver() + " answers again");
    last_trouble_.clear();
    return Outcome::accepted;
  }
  ++metrics_->failures;
  if (!about_the_way(reply.status)) {
    if (items.size() == 1)
      log_error("alertmanager " + receiver() + " refuses an alert (HTTP " +
                std::to_string(reply.status) + "): " + escaped(reply.text));
    return Outcome::refused;
  }
  const std::string trouble =
      reply.status == 0 ? escaped(reply.text) : "HTTP " + std::to_string(reply.status);
  if (trouble != last_trouble_)
    log_warning("alertmanager " + receiver() + " does not take alerts, will try again: " + trouble);
  last_trouble_ = trouble;
  return Outcome::failed;
}

void Sender::accept(const Items& items) {
  std::vector<std::int64_t> incidents;
  for (const auto& item : items) incidents.push_back(item.key.first);
  {
    const std::lock_guard lock(mutex_);
    queue_.accepted(items, clock_.now());
  }
  accepted_(*this, incidents);
}

void Sender::drop(const AlertQueue::Item& item) {
  const std::lock_guard lock(mutex_);
  queue_.refused(item);
}

}  // namespace lastgasp
