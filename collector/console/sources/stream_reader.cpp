#include "collector/console/sources/stream_reader.h"

#include <unistd.h>

#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>
#include <cerrno>
#include <memory>

namespace lastgasp {

std::span<char> thread_buffer() {
  constexpr std::size_t kSize = 64 * 1024;
  thread_local const std::unique_ptr<char[]> buffer(new char[kSize]);
  return {buffer.get(), kSize};
}

asio::awaitable<int> read_to_end(asio::posix::stream_descriptor& stream, Sink& sink,
                                 Decode decode) {
  const std::span<char> buffer = thread_buffer();
  while (true) {
    asio::error_code error;
    co_await stream.async_wait(asio::posix::stream_descriptor::wait_read,
                               asio::redirect_error(asio::use_awaitable, error));
    if (!stream.is_open()) co_return ECANCELED;
    if (error) co_return error.value();
    const ssize_t got = ::read(stream.native_handle(), buffer.data(), buffer.size());
    if (got == 0) co_return 0;
    if (got < 0) {
      if (errno == EAGAIN || errno == EINTR) continue;
      co_return errno;
    }
    const std::span<char> raw = buffer.first(static_cast<std::size_t>(got));
    const std::string_view bytes = decode ? decode(raw) : std::string_view(raw.data(), raw.size());
    if (!bytes.empty()) sink.bytes(bytes);
    if (!stream.is_open()) co_return ECANCELED;
  }
}

}  // namespace lastgasp
