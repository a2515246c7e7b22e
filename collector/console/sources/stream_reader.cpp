#include "collector/console/sources/stream_reader.h"

#include <unistd.h>

#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>
#include <cerrno>
#include <memory>
#include <utility>

namespace lastgasp {

std::span<char> thread_buffer() {
  constexpr std::size_t kSize = 64 * 1024;
  thread_local const std::unique_ptr<char[]> buffer(new char[kSize]);
  return {buffer.get(), kSize};
}

StreamReader::StreamReader(asio::io_context& context)
    : set_(asio::use_service<ReadySet>(context)),
      ended_(context, asio::steady_timer::time_point::max()) {}

asio::awaitable<int> StreamReader::read_to_end(Sink& sink, Decode decode) {
  if (!is_open()) co_return ECANCELED;
  if (const int error = set_.add(descriptor_, *this)) co_return error;
  decode_ = std::move(decode);
  sink_ = &sink;
  asio::error_code cancelled;
  co_await ended_.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
  co_return result_;
}

// An exception belongs to the link that reads, not to the thread.
void StreamReader::ready() {
  try {
    read();
  } catch (...) {
    failure_ = std::current_exception();
    end(ECANCELED);
  }
}

void StreamReader::read() {
  const std::span<char> buffer = thread_buffer();
  const ssize_t got = ::read(descriptor_, buffer.data(), buffer.size());
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (got <= 0) return end(got == 0 ? 0 : errno);
  const std::span<char> raw = buffer.first(static_cast<std::size_t>(got));
  const std::string_view bytes = decode_ ? decode_(raw) : std::string_view(raw.data(), raw.size());
  if (!bytes.empty() && sink_) sink_->bytes(bytes);
}

void StreamReader::end(int result) {
  if (!std::exchange(sink_, nullptr)) return;
  set_.remove(descriptor_, *this);
  result_ = result;
  ended_.cancel();
}

void StreamReader::close() {
  if (!is_open()) return;
  end(ECANCELED);
  ::close(std::exchange(descriptor_, -1));
}

}  // namespace lastgasp
