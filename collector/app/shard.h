// A thread and the consoles pinned to it. All their state belongs to this thread; other threads
// hand it work with post() and read only metrics.
#pragma once

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <asio/steady_timer.hpp>
#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "collector/app/console_runner.h"
#include "collector/console/link.h"

namespace lastgasp {

class Shard {
 public:
  Shard(const Clock& clock, std::shared_ptr<const RuleSet> rules, Redactor::Rules redaction);
  ~Shard();  // stops the links and joins the thread

  void start();
  // Runs `work` on the shard's thread and waits for it. Not from the shard's own thread.
  void call(const std::function<void()>& work);

  // The following only on the shard's thread, that is within call().
  void add(std::shared_ptr<ConsoleRunner> runner);
  void remove(const std::shared_ptr<ConsoleRunner>& runner, std::string_view why);
  void use_rules(std::shared_ptr<const RuleSet> rules, Redactor::Rules redaction);

  Matching& matching() { return matching_; }
  ShardNotes& notes() { return notes_; }
  // When the thread last looked after its consoles; it does ten times a second. Any thread.
  MonoTime last_sweep() const { return MonoTime{Micros{last_sweep_us_.load()}}; }

 private:
  class Called;
  void run();
  void schedule_sweep();
  void sweep();
  Micros pace();

  const Clock& clock_;
  Matching matching_;
  asio::io_context context_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  asio::steady_timer sweep_timer_;
  std::shared_ptr<ConnectBudget> budget_;
  std::vector<std::shared_ptr<ConsoleRunner>> runners_;
  ShardNotes notes_;
  std::uint64_t paced_reads_ = 0;  // those before `paced_at_`
  double reads_per_second_ = 0;
  MonoTime paced_at_{};
  std::atomic<std::int64_t> last_sweep_us_;
  std::mutex calls_mutex_;
  std::condition_variable called_;
  unsigned calls_ = 0;  // that somebody waits for
  std::thread thread_;
};

}  // namespace lastgasp
