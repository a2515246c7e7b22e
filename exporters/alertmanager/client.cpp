#include "exporters/alertmanager/client.h"

#include <algorithm>

#include "collector/core/bytes.h"
#include "collector/core/error.h"
#include "collector/core/log.h"
#include "exporters/alertmanager/sender.h"

namespace lastgasp {

struct AlertmanagerClient::Impl {
  const AlertmanagerSettings settings;
  const Spool spool;
  std::vector<std::unique_ptr<Sender>> senders;  // fixed once the threads run

  void tell_others(const Sender& by, const std::vector<std::int64_t>& incidents) {
    for (const auto& sender : senders)
      if (sender.get() != &by) sender->known_elsewhere(incidents);
  }

  Sender* named(const std::string& receiver) const {
    for (const auto& sender : senders)
      if (sender->receiver() == receiver) return sender.get();
    return nullptr;
  }
};

AlertmanagerClient::AlertmanagerClient(AlertmanagerSettings settings, const Clock& clock,
                                       Spool spool)
    : impl_(new Impl{std::move(settings), std::move(spool), {}}) {
  for (const std::string& url : impl_->settings.urls) {
    auto sender = std::make_unique<Sender>(
        url, impl_->settings, clock, impl_->spool,
        [impl = impl_.get()](const Sender& by, const std::vector<std::int64_t>& incidents) {
          impl->tell_others(by, incidents);
        });
    if (!impl_->named(sender->receiver())) impl_->senders.push_back(std::move(sender));
  }
  for (const auto& sender : impl_->senders) sender->start();
}

// All threads end before the first sender goes: they speak to each other.
AlertmanagerClient::~AlertmanagerClient() {
  for (const auto& sender : impl_->senders) sender->stop();
}

void AlertmanagerClient::notify(const Alert& alert) {
  for (const auto& sender : impl_->senders) sender->notify(alert);
}

void AlertmanagerClient::restore(const std::string& receiver, const std::string& body) {
  try {
    const Alert alert = alert_from_json(body);
    if (Sender* sender = impl_->named(receiver))
      sender->restore(alert);
    else if (impl_->spool)
      impl_->spool(receiver, alert.incident, "");
  } catch (const Error& error) {
    log_warning("alertmanager " + escaped(receiver) + ": " + error.what());
  }
}

void AlertmanagerClient::poke() {
  for (const auto& sender : impl_->senders) sender->poke();
}

std::vector<std::shared_ptr<ReceiverMetrics>> AlertmanagerClient::metrics() const {
  std::vector<std::shared_ptr<ReceiverMetrics>> all;
  for (const auto& sender : impl_->senders) all.push_back(sender->metrics());
  return all;
}

bool AlertmanagerClient::drain(Micros at_most) {
  const SystemClock real;
  const MonoTime deadline = real.now().mono + at_most;
  return std::all_of(impl_->senders.begin(), impl_->senders.end(), [&](const auto& sender) {
    return sender->drain(std::max(Micros{0}, deadline - real.now().mono));
  });
}

}  // namespace lastgasp
