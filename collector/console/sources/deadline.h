// Calls something after a while unless destroyed before. One thread, that of its executor.
#pragma once

#include <asio/any_io_executor.hpp>
#include <functional>
#include <memory>

#include "collector/core/clock.h"

namespace lastgasp {

class Deadline {
 public:
  Deadline(const asio::any_io_executor& executor, Micros after, std::function<void()> expired);
  ~Deadline();
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;

  bool expired() const;

 private:
  struct State;
  std::shared_ptr<State> state_;  // shared with the wait, which may outlive this
};

}  // namespace lastgasp
