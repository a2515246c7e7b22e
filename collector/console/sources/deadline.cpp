#include "collector/console/sources/deadline.h"

#include <asio/steady_timer.hpp>
#include <utility>

namespace lastgasp {

struct Deadline::State {
  asio::steady_timer timer;
  std::function<void()> action;
  bool live = true;
};

Deadline::Deadline(const asio::any_io_executor& executor, Micros after,
                   std::function<void()> expired)
    : state_(std::make_shared<State>(
          State{asio::steady_timer(executor, after), std::move(expired), true})) {
  state_->timer.async_wait([state = state_](const asio::error_code& cancelled) {
    if (cancelled || !state->live) return;
    state->live = false;
    state->action();
  });
}

Deadline::~Deadline() {
  state_->live = false;
  state_->timer.cancel();
}

bool Deadline::expired() const { return !state_->live; }

}  // namespace lastgasp
