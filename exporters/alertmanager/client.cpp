#include "exporters/alertmanager/client.h"

#include <algorithm>
#include <mutex>

#include "collector/core/bytes.h"
#include "collector/core/error.h"
#include "collector/core/log.h"
#include "exporters/alertmanager/sender.h"

namespace lastgasp {

struct AlertmanagerClient::Impl {
  using Senders = std::vector<std::shared_ptr<Sender>>;

  const AlertmanagerSettings settings;
  const Clock& clock;
  const Spool spool;

  Senders all() const {
    const std::lock_guard lock(mutex);
    return senders;
  }

  static std::shared_ptr<Sender> named(const Senders& among, const std::string& receiver) {
    for (const auto& sender : among)
      if (sender->receiver() == receiver) return sender;
    return nullptr;
  }

  std::shared_ptr<Sender> make(const std::string& url) {
    return std::make_shared<Sender>(
        url, settings, clock, spool,
        [this](const Sender& by, const std::vector<std::int64_t>& incidents) {
          for (const auto& sender : all())
            if (sender.get() != &by) sender->known_elsewhere(incidents);
        });
  }

  // Returns the senders as they were.
  Senders exchange(Senders next) {
    const std::lock_guard lock(mutex);
    senders.swap(next);
    return next;
  }

  mutable std::mutex mutex;
  Senders senders;  // never stopped under the lock: their threads take it
};

AlertmanagerClient::AlertmanagerClient(AlertmanagerSettings settings, const Clock& clock,
                                       Spool spool)
    : impl_(new Impl{std::move(settings), clock, std::move(spool), {}, {}}) {
  set_urls(impl_->settings.urls, {});
}

// All threads end before the first sender goes: they speak to each other.
AlertmanagerClient::~AlertmanagerClient() {
  for (const auto& sender : impl_->all()) sender->stop();
}

void AlertmanagerClient::set_urls(const std::vector<std::string>& urls,
                                  const std::vector<Alert>& firing) {
  const Impl::Senders before = impl_->all();
  Impl::Senders next, added;
  for (const std::string& url : urls) {
    auto sender = impl_->make(url);
    if (Impl::named(next, sender->receiver())) continue;
    const auto known = Impl::named(before, sender->receiver());
    if (!known) added.push_back(sender);
    next.push_back(known ? known : std::move(sender));
  }
  impl_->exchange(next);
  for (const auto& sender : added) {
    for (const Alert& alert : firing) sender->notify(alert);
    sender->start();
  }
  for (const auto& sender : before)
    if (!Impl::named(next, sender->receiver())) sender->stop();
}

void AlertmanagerClient::notify(const Alert& alert) {
  for (const auto& sender : impl_->all()) sender->notify(alert);
}

void AlertmanagerClient::restore(const std::string& receiver, const std::string& body) {
  try {
    const Alert alert = alert_from_json(body);
    if (const auto sender = Impl::named(impl_->all(), receiver))
      sender->restore(alert);
    else if (impl_->spool)
      impl_->spool(receiver, alert.incident, "");
  } catch (const Error& error) {
    log_warning("alertmanager " + escaped(receiver) + ": " + error.what());
  }
}

void AlertmanagerClient::poke() {
  for (const auto& sender : impl_->all()) sender->poke();
}

std::vector<std::shared_ptr<ReceiverMetrics>> AlertmanagerClient::metrics() const {
  std::vector<std::shared_ptr<ReceiverMetrics>> all;
  for (const auto& sender : impl_->all()) all.push_back(sender->metrics());
  return all;
}

bool AlertmanagerClient::drain(Micros at_most) {
  const SystemClock real;
  const MonoTime deadline = real.now().mono + at_most;
  const Impl::Senders all = impl_->all();
  return std::all_of(all.begin(), all.end(), [&](const auto& sender) {
    return sender->drain(std::max(Micros{0}, deadline - real.now().mono));
  });
}

}  // namespace lastgasp
