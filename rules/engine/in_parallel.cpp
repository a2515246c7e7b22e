#include "rules/engine/in_parallel.h"

#include <algorithm>
#include <atomic>
#include <future>
#include <thread>
#include <vector>

namespace lastgasp {
namespace {

constexpr unsigned kMostThreads = 4;

}  // namespace

void in_parallel(std::size_t count, const std::function<void(std::size_t)>& each) {
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    try {
      for (std::size_t i = next++; i < count; i = next++) each(i);
    } catch (...) {
      next = count;
      throw;
    }
  };
  const unsigned threads = std::clamp(std::thread::hardware_concurrency(), 1U, kMostThreads);
  // This thread's own share comes first, and runs when it is waited for.
  std::vector<std::future<void>> all;
  all.push_back(std::async(std::launch::deferred, work));
  for (unsigned i = 1; i < threads; ++i) all.push_back(std::async(std::launch::async, work));
  for (auto& one : all) one.wait();
  for (auto& one : all) one.get();
}

}  // namespace lastgasp
