#include "collector/app/shard.h"

#include <algorithm>
#include <future>
#include <utility>

namespace lastgasp {
namespace {

constexpr auto kSweepEvery = std::chrono::milliseconds(100);
// A shard that reads often waits a little between turns, so that one read takes several lines: most
// of the cost of a read is the system call. Below the first rate it never waits.
constexpr double kUnpacedReadsPerSecond = 500;
constexpr double kFullPaceReadsPerSecond = 4000;
constexpr Micros kLongestPace = std::chrono::milliseconds(100);
constexpr Micros kRateWindow = std::chrono::milliseconds(200);

}  // namespace

Shard::Shard(const Clock& clock, std::shared_ptr<const RuleSet> rules, Redactor::Rules redaction)
    : clock_(clock),
      matching_(make_matching(std::move(rules), std::move(redaction))),
      work_(asio::make_work_guard(context_)),
      sweep_timer_(context_),
      budget_(make_connect_budget()),
      paced_at_(clock.now().mono),
      last_sweep_us_(clock.now().mono.time_since_epoch().count()) {}

Shard::~Shard() {
  if (thread_.joinable()) {
    call([this] {
      for (const auto& runner : runners_) runner->stop("collector stopped");
      sweep_timer_.cancel();
    });
    work_.reset();
    context_.stop();
    thread_.join();
  }
}

void Shard::start() {
  schedule_sweep();
  thread_ = std::thread([this] { run(); });
}

// While somebody waits for a call nothing is paced: a reload makes many, one after the other.
class Shard::Called {
 public:
  explicit Called(Shard& shard) : shard_(shard) {
    {
      const std::lock_guard lock(shard_.calls_mutex_);
      ++shard_.calls_;
    }
    shard_.called_.notify_one();
  }
  Called(const Called&) = delete;
  Called& operator=(const Called&) = delete;
  ~Called() {
    const std::lock_guard lock(shard_.calls_mutex_);
    --shard_.calls_;
  }

 private:
  Shard& shard_;
};

void Shard::call(const std::function<void()>& work) {
  const Called called(*this);
  std::promise<void> done;
  asio::post(context_, [&] {
    try {
      work();
      done.set_value();
    } catch (...) {
      done.set_exception(std::current_exception());
    }
  });
  done.get_future().get();
}

void Shard::run() {
  while (context_.run_one() > 0) {
    context_.poll();
    if (const Micros wait = pace(); wait > Micros(0)) {
      std::unique_lock lock(calls_mutex_);
      called_.wait_for(lock, wait, [this] { return calls_ > 0; });
    }
  }
}

// How long to let bytes gather before the next turn.
Micros Shard::pace() {
  const MonoTime now = clock_.now().mono;
  const Micros elapsed = now - paced_at_;
  if (elapsed >= kRateWindow) {
    const std::uint64_t reads = notes_.reads - std::exchange(paced_reads_, notes_.reads);
    reads_per_second_ = static_cast<double>(reads) * 1e6 / static_cast<double>(elapsed.count());
    paced_at_ = now;
  }
  const double share = (reads_per_second_ - kUnpacedReadsPerSecond) /
                       (kFullPaceReadsPerSecond - kUnpacedReadsPerSecond);
  const double clamped = std::clamp(share, 0.0, 1.0);
  return Micros(static_cast<std::int64_t>(clamped * static_cast<double>(kLongestPace.count())));
}

void Shard::schedule_sweep() {
  sweep_timer_.expires_after(kSweepEvery);
  sweep_timer_.async_wait([this](const asio::error_code& error) {
    if (error) return;
    sweep();
    schedule_sweep();
  });
}

void Shard::sweep() {
  const Instant now = clock_.now();
  last_sweep_us_ = now.mono.time_since_epoch().count();
  if (now.mono < notes_.earliest_due) return;
  notes_.earliest_due = MonoTime::max();
  for (const auto& runner : runners_) {
    if (runner->due() <= now.mono) runner->tick(now);
    notes_.earliest_due = std::min(notes_.earliest_due, runner->due());
  }
}

void Shard::add(std::shared_ptr<ConsoleRunner> runner) {
  runners_.push_back(std::move(runner));
  runners_.back()->start(context_, budget_);
}

void Shard::remove(const std::shared_ptr<ConsoleRunner>& runner, std::string_view why) {
  std::erase(runners_, runner);
  runner->stop(why);
}

void Shard::use_rules(std::shared_ptr<const RuleSet> rules, Redactor::Rules redaction) {
  matching_ = make_matching(std::move(rules), std::move(redaction));
}

}  // namespace lastgasp
