#include "collector/console/connect_budget.h"

#include <algorithm>
#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>
#include <utility>

#include "collector/console/link.h"

namespace lastgasp {

// Stands in the queue for as long as it lives, so that a coroutine destroyed while it waits leaves
// no dangling timer behind.
class ConnectBudget::Waiter {
 public:
  Waiter(std::list<asio::steady_timer*>& queue, asio::steady_timer& timer)
      : queue_(queue), timer_(timer) {
    queue_.push_back(&timer_);
  }
  ~Waiter() { queue_.remove(&timer_); }
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;

  // Whoever gives a place back takes the first waiter out of the queue, and the place is its own.
  bool called() const { return std::find(queue_.begin(), queue_.end(), &timer_) == queue_.end(); }

 private:
  std::list<asio::steady_timer*>& queue_;
  asio::steady_timer& timer_;
};

ConnectBudget::Place::Place(std::shared_ptr<ConnectBudget> budget, std::string server)
    : budget_(std::move(budget)), server_(std::move(server)) {}

ConnectBudget::Place::Place(Place&& other) noexcept
    : budget_(std::move(other.budget_)), server_(std::move(other.server_)) {}

ConnectBudget::Place& ConnectBudget::Place::operator=(Place&& other) noexcept {
  if (this != &other) {
    release();
    budget_ = std::move(other.budget_);
    server_ = std::move(other.server_);
  }
  return *this;
}

void ConnectBudget::Place::release() {
  if (const auto budget = std::exchange(budget_, nullptr)) budget->give_back(server_);
}

asio::awaitable<ConnectBudget::Place> ConnectBudget::take(std::string server,
                                                          asio::steady_timer& timer) {
  if (server.empty()) co_return Place();
  const auto self = shared_from_this();
  Server& state = servers_[server];
  if (state.taken < most_) {
    ++state.taken;
    co_return Place(self, server);
  }
  // The entry stays while places are taken, and one waits only then; references into an
  // unordered_map survive its growth.
  Waiter waiter(state.waiting, timer);
  timer.expires_at(asio::steady_timer::time_point::max());
  asio::error_code cancelled;
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
  if (!waiter.called()) co_return Place();
  co_return Place(self, server);
}

void ConnectBudget::give_back(const std::string& server) {
  const auto found = servers_.find(server);
  Server& state = found->second;
  if (!state.waiting.empty()) {
    asio::steady_timer* next = state.waiting.front();
    state.waiting.pop_front();
    next->cancel();
    return;
  }
  if (--state.taken == 0) servers_.erase(found);
}

std::shared_ptr<ConnectBudget> make_connect_budget(int attempts_at_once_per_server) {
  return std::make_shared<ConnectBudget>(attempts_at_once_per_server);
}

}  // namespace lastgasp
