#include "collector/core/console_memory.h"

#include <sys/mman.h>

#include <array>
#include <cstdint>
#include <mutex>
#include <new>

namespace lastgasp {
namespace {

constexpr std::size_t kHugePage = 2 << 20;
constexpr std::size_t kUnit = 64;  // a cache line
constexpr std::size_t kLargest = 16 * 1024;

// Pieces cut off huge pages one after the other; those given back wait in a list for their size.
// std::pmr's pools round up to powers of two and half-way between: a third more for the same.
class HugePages final : public std::pmr::memory_resource {
  struct Free {
    Free* next;
  };

  void* do_allocate(std::size_t bytes, std::size_t alignment) override {
    if (bytes > kLargest || alignment > kUnit) throw std::bad_alloc();
    const std::size_t units = (bytes + kUnit - 1) / kUnit;
    const std::lock_guard lock(mutex_);
    if (Free*& first = free_[units]) return std::exchange(first, first->next);
    if (left_ < units * kUnit) map_page();
    left_ -= units * kUnit;
    return std::exchange(next_, next_ + units * kUnit);
  }

  void do_deallocate(void* memory, std::size_t bytes, std::size_t) override {
    const std::lock_guard lock(mutex_);
    Free*& first = free_[(bytes + kUnit - 1) / kUnit];
    first = new (memory) Free{first};
  }

  bool do_is_equal(const memory_resource& other) const noexcept override { return this == &other; }

  // Address space for two: wherever it begins, a whole one begins within.
  void map_page() {
    void* const begin =
        ::mmap(nullptr, 2 * kHugePage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (begin == MAP_FAILED) throw std::bad_alloc();
    next_ = static_cast<char*>(begin) + -reinterpret_cast<std::uintptr_t>(begin) % kHugePage;
    left_ = kHugePage;
    ::madvise(next_, left_, MADV_HUGEPAGE);  // where there are none, small ones do
  }

  std::mutex mutex_;
  std::array<Free*, kLargest / kUnit + 1> free_{};
  char* next_ = nullptr;
  std::size_t left_ = 0;
};

}  // namespace

std::pmr::memory_resource& console_memory() {
#ifdef __SANITIZE_ADDRESS__
  return *std::pmr::new_delete_resource();  // from where it sees what goes past an object's end
#else
  static HugePages& pages = *new HugePages;
  return pages;
#endif
}

}  // namespace lastgasp
