// Threads for the requests that wait for the disk. Work is refused rather than queued without end.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "exporters/web/router.h"

namespace lastgasp {

inline constexpr std::size_t kSearchesAtOnce = 2;
inline constexpr std::size_t kWaitingJobs = 32;

class Workers {
 public:
  // One thread more than may search, by default, so that there is always one for a page.
  explicit Workers(std::size_t threads = kSearchesAtOnce + 1);
  ~Workers();  // stop()

  // Runs `job` on one of the threads and then, when its place is free again, `told`, which lets the
  // client know: one that asks again at once must not be refused for its own last request. Neither
  // may throw. False, and nothing is run, when too many run or wait already or it was stopped. Any
  // thread.
  bool submit(Lane lane, std::function<void()> job, std::function<void()> told);
  // Runs what was accepted and ends the threads. Idempotent; one thread.
  void stop();

 private:
  struct Job {
    Lane lane;
    std::function<void()> run, told;
  };
  void work();

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Job> jobs_;
  std::size_t searches_ = 0;  // running or waiting
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace lastgasp
