// One kind of receiver: what it is told, in which form, and how it gets there. The queue, the
// thread, the back-off and the spool are the same for all kinds (sender.h).
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "collector/core/clock.h"
#include "exporters/delivery/alert.h"

namespace lastgasp {

struct DeliveryPolicy {
  std::size_t queue_capacity = 10'000;  // alerts kept, waiting or firing
  std::size_t batch_alerts = 1;         // of one notification
  // Whether the receiver knows alerts by their labels and forgets those that are not repeated. One
  // that does not is told once of each piece of news: that an incident is, that its labels, its
  // summary or who looks after it changed, that it is over.
  bool repeats = false;
  Micros resend{};        // an alert that fires is sent again after so long; with `repeats`
  Micros ends_after{};    // by itself, unless it is repeated
  Micros minimum_hold{};  // a resolution comes no sooner after the start
};

// One alert of a request, as it was when the request was made.
struct Notification {
  // Incident, and label set when the receiver knows alerts by it: an incident whose labels change
  // then has two entries for a moment.
  std::pair<std::int64_t, std::string> key;
  std::uint64_t version = 0;
  bool resolution = false;
  Alert alert;
  std::string body;
};

// body() and policy() may be called from any thread; deliver() from one at a time.
class Channel {
 public:
  enum class Outcome { accepted, refused, failed };  // refused: it never will be accepted
  struct Reply {
    Outcome outcome = Outcome::failed;
    std::string trouble;  // any bytes: what went wrong
  };

  virtual ~Channel() = default;
  virtual const DeliveryPolicy& policy() const = 0;
  // The alert in the receiver's form; `ends` is when it ends unless it is repeated.
  virtual std::string body(const Alert& alert, WallTime ends) const = 0;
  // May take as long as the receiver's time limit; breaks off within a second once `stop` is set.
  virtual Reply deliver(const std::vector<Notification>& notifications,
                        const std::atomic<bool>& stop) = 0;
};

}  // namespace lastgasp
