#include "collector/console/sources/ready_set.h"

#include <algorithm>
#include <cerrno>
#include <span>

#include "collector/core/error.h"

namespace lastgasp {
namespace {

// In a flood everyone is ready always: then timers and new links get their turn as well.
constexpr int kTurns = 8;

}  // namespace

asio::execution_context::id ReadySet::id;

ReadySet::ReadySet(asio::io_context& context)
    : asio::execution_context::service(context), set_(context) {
  const int descriptor = ::epoll_create1(EPOLL_CLOEXEC);
  if (descriptor < 0) throw Error(errno_text("wait for the consoles' bytes", errno));
  set_.assign(descriptor);
}

void ReadySet::shutdown() {
  asio::error_code ignored;
  set_.close(ignored);
}

int ReadySet::add(int descriptor, Reader& reader) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.ptr = &reader;
  if (::epoll_ctl(set_.native_handle(), EPOLL_CTL_ADD, descriptor, &event) != 0) return errno;
  ++readers_;
  wait();
  return 0;
}

void ReadySet::remove(int descriptor, Reader& reader) {
  if (!set_.is_open()) return;
  ::epoll_ctl(set_.native_handle(), EPOLL_CTL_DEL, descriptor, nullptr);
  for (epoll_event& event : std::span(events_).subspan(next_, count_ - next_))
    if (event.data.ptr == &reader) event.data.ptr = nullptr;
  if (--readers_ == 0) set_.cancel();
}

// Only for somebody: a context without readers runs out of work.
void ReadySet::wait() {
  if (waiting_ || readers_ == 0) return;
  waiting_ = true;
  set_.async_wait(asio::posix::stream_descriptor::wait_read, [this](const asio::error_code& error) {
    if (!set_.is_open()) return;
    for (int i = 0; i < kTurns && !error; ++i) {
      turn();
      if (count_ == 0) break;
    }
    waiting_ = false;
    wait();
  });
}

void ReadySet::turn() {
  const int count =
      ::epoll_wait(set_.native_handle(), events_.data(), static_cast<int>(events_.size()), 0);
  count_ = static_cast<std::size_t>(std::max(count, 0));
  for (next_ = 0; next_ < count_;)
    if (void* reader = events_[next_++].data.ptr) static_cast<Reader*>(reader)->ready();
}

}  // namespace lastgasp
