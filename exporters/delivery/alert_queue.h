// Private to this folder: what one receiver has to be told and when. Pure: time is
// passed in, nothing is sent here. Not synchronised: the sender holds its lock around every call.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "collector/core/clock.h"
#include "exporters/delivery/channel.h"
#include "exporters/metrics/metrics.h"

namespace lastgasp {

class AlertQueue {
 public:
  using Key = std::pair<std::int64_t, std::string>;
  using Item = Notification;

  static constexpr std::size_t kBatchBytes = std::size_t{1} << 20;

  // `channel` and `metrics` outlive the queue. `forget(incident)` is called when nothing of an
  // incident is kept any more.
  AlertQueue(const Channel& channel, ReceiverMetrics& metrics,
             std::function<void(std::int64_t)> forget);

  void put(const Alert& alert, Instant now);
  // As of the last run. A receiver that is told again and again need not be spared one more time.
  void restore(const SpooledState& state, Instant now);
  // What restore() takes; nothing when the incident is not kept.
  std::optional<SpooledState> state(std::int64_t incident) const;
  std::vector<SpooledState> states() const;
  // Another instance knows of these incidents.
  void known_elsewhere(const std::vector<std::int64_t>& incidents);

  // The next request: nothing when nothing is due.
  std::vector<Item> take(Instant now);
  bool due(Instant now) const;
  // How long until something is due; at most an hour.
  Micros until_due(Instant now) const;

  void accepted(const std::vector<Item>& items, Instant now);
  void refused(const Item& item);               // for good
  void failed(const std::vector<Item>& items);  // others go first: one may fail for ever

 private:
  struct Entry {
    Alert alert;
    std::uint64_t version = 0;  // one more with each change
    MonoTime due{};
    MonoTime hold_until{};     // a resolution waits until then
    std::uint64_t failed = 0;  // which failure of the queue was its last; 0 is none
    bool waiting = false;      // the receiver has yet to accept its present form
    bool sending = false;      // a request with it is under way or was made
    bool accepted = false;     // in any form
    bool superseded = false;   // its incident has other labels now
    bool elsewhere = false;    // another instance knows of it
  };
  using Entries = std::map<Key, Entry>;

  std::vector<Entries::iterator> due_in_order(Instant now);
  Key key_of(const Alert& alert) const;
  void supersede(std::int64_t incident, const Key& except, Instant now);
  void change(Entry& entry, Instant now);
  void set_waiting(Entry& entry, bool waiting);
  Entries::iterator erase(Entries::iterator at);
  bool is_resolution(const Entry& entry, Instant now) const;
  bool fires_beside(const Key& key) const;
  bool is_stale(const Entry& entry, Instant now) const;

  const Channel& channel_;
  const DeliveryPolicy& policy_;
  ReceiverMetrics& metrics_;
  const std::function<void(std::int64_t)> forget_;
  Entries entries_;
  std::uint64_t last_version_ = 0, last_failure_ = 0;
};

}  // namespace lastgasp
