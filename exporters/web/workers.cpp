#include "exporters/web/workers.h"

namespace lastgasp {

Workers::Workers(std::size_t threads) {
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

Workers::~Workers() { stop(); }

bool Workers::submit(Lane lane, std::function<void()> job, std::function<void()> told) {
  {
    const std::lock_guard lock(mutex_);
    const bool search = lane == Lane::search;
    if (stopping_ || jobs_.size() >= kWaitingJobs || (search && searches_ >= kSearchesAtOnce))
      return false;
    searches_ += search;
    jobs_.push_back({lane, std::move(job), std::move(told)});
  }
  wake_.notify_one();
  return true;
}

void Workers::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  for (auto& thread : threads_)
    if (thread.joinable()) thread.join();
}

void Workers::work() {
  for (;;) {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
    if (jobs_.empty()) return;
    const Job job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    job.run();
    lock.lock();
    searches_ -= job.lane == Lane::search;
    lock.unlock();
    job.told();
  }
}

}  // namespace lastgasp
