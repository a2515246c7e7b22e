#include "exporters/delivery/receivers.h"

#include <algorithm>
#include <mutex>

#include "collector/core/bytes.h"
#include "collector/core/error.h"
#include "collector/core/log.h"

namespace lastgasp {

struct Receivers::Impl {
  struct Running {
    std::string address;
    std::shared_ptr<Sender> sender;
  };
  using All = std::vector<Running>;

  const Clock& clock;
  const Spool spool;

  All all() const {
    const std::lock_guard lock(mutex);
    return running;
  }

  static const Running* named(const All& among, const std::string& receiver) {
    const auto found = std::find_if(among.begin(), among.end(), [&](const Running& one) {
      return one.sender->receiver() == receiver;
    });
    return found == among.end() ? nullptr : &*found;
  }

  std::shared_ptr<Sender> make(const Receiver& receiver) {
    return std::make_shared<Sender>(
        receiver.name, receiver.open(), receiver.filter, clock, spool,
        [this](const Sender& by, const std::vector<std::int64_t>& incidents) {
          if (!by.repeats()) return;
          for (const auto& [address, sender] : all())
            if (sender.get() != &by && sender->repeats()) sender->known_elsewhere(incidents);
        });
  }

  void exchange(All next) {
    const std::lock_guard lock(mutex);
    running.swap(next);
  }

  mutable std::mutex mutex;
  All running;  // never stopped under the lock: their threads take it
};

Receivers::Receivers(const std::vector<Receiver>& receivers, const Clock& clock, Spool spool)
    : impl_(new Impl{clock, std::move(spool), {}, {}}) {
  set(receivers, [] { return std::vector<Alert>(); });
}

// All threads end before the first sender goes: they speak to each other.
Receivers::~Receivers() {
  for (const auto& [address, sender] : impl_->all()) sender->stop();
}

// New senders take what comes before the old ones end and what fires is asked for: nothing falls
// between the two, and an end is never overtaken by its beginning.
void Receivers::set(const std::vector<Receiver>& receivers, const Firing& firing) {
  const Impl::All before = impl_->all();
  Impl::All next, added;
  for (const Receiver& receiver : receivers) {
    if (Impl::named(next, receiver.name)) continue;
    const auto* const known = Impl::named(before, receiver.name);
    const bool stays = known && known->address == receiver.address;
    next.push_back(stays ? *known : Impl::Running{receiver.address, impl_->make(receiver)});
    if (stays)
      known->sender->set_filter(receiver.filter);
    else
      added.push_back(next.back());
  }
  impl_->exchange(next);
  for (const auto& [address, sender] : before) {
    const auto* const after = Impl::named(next, sender->receiver());
    if (after && after->sender == sender) continue;
    sender->stop();
    if (after)
      for (const SpooledState& state : sender->states()) after->sender->restore(state);
  }
  const std::vector<Alert> alerts = added.empty() ? std::vector<Alert>() : firing();
  for (const auto& [address, sender] : added) {
    for (const Alert& alert : alerts) sender->introduce(alert);
    sender->start();
  }
}

void Receivers::notify(const Alert& alert) {
  for (const auto& [address, sender] : impl_->all()) sender->notify(alert);
}

void Receivers::restore(const std::string& receiver, const std::string& body) {
  try {
    const SpooledState state = spooled_from_json(body);
    const Impl::All all = impl_->all();
    if (const auto* const known = Impl::named(all, receiver))
      known->sender->restore(state);
    else if (impl_->spool)
      impl_->spool(receiver, state.alert.incident, "");
  } catch (const Error& error) {
    log_warning("receiver " + escaped(receiver) + ": " + error.what());
  }
}

void Receivers::poke() {
  for (const auto& [address, sender] : impl_->all()) sender->poke();
}

std::vector<std::shared_ptr<ReceiverMetrics>> Receivers::metrics() const {
  std::vector<std::shared_ptr<ReceiverMetrics>> all;
  for (const auto& [address, sender] : impl_->all()) all.push_back(sender->metrics());
  return all;
}

std::vector<DeliveryRecord> Receivers::deliveries(std::int64_t incident) const {
  std::vector<DeliveryRecord> found;
  for (const auto& [address, sender] : impl_->all())
    if (auto record = sender->delivery(incident)) found.push_back(std::move(*record));
  return found;
}

bool Receivers::drain(Micros at_most) {
  const SystemClock real;
  const MonoTime deadline = real.now().mono + at_most;
  const Impl::All all = impl_->all();
  return std::all_of(all.begin(), all.end(), [&](const Impl::Running& one) {
    return one.sender->drain(std::max(Micros{0}, deadline - real.now().mono));
  });
}

}  // namespace lastgasp
