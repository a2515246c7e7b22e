#include "collector/console/sources/file_source.h"

#include <fcntl.h>
#include <unistd.h>

#include <asio/post.hpp>
#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>
#include <cerrno>
#include <utility>

#include "collector/console/sources/stream_reader.h"

namespace lastgasp {

FileSource::FileSource(asio::io_context& context, FileEndpoint endpoint,
                       const LinkSettings& settings)
    : endpoint_(std::move(endpoint)), settings_(settings), timer_(context) {}

asio::awaitable<Ending> FileSource::do_open() {
  const Ending result = open_file();
  from_end_ = false;
  co_return result;
}

Ending FileSource::open_file() {
  close_file();
  fd_ = ::open(endpoint_.path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  struct stat facts {};
  if (fd_ < 0 || ::fstat(fd_, &facts) != 0) return open_failure(endpoint_.path, errno);
  if (!S_ISREG(facts.st_mode)) {
    close_file();
    return {LinkReason::failed, endpoint_.path + ": is not a regular file"};
  }
  offset_ = from_end_ ? static_cast<std::uint64_t>(facts.st_size) : 0;
  return {};
}

void FileSource::close_file() {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

asio::awaitable<Ending> FileSource::read_until_end(Sink& sink) {
  Micros gone_for{}, replaced_for{};
  while (true) {
    const std::uint64_t before = offset_;
    const int error = co_await read_new(sink);
    if (closed()) co_return Ending{};
    if (error != 0) co_return read_failure(endpoint_.path, error);
    if (offset_ != before) gone_for = replaced_for = Micros{};

    const Change change = look();
    if (change == Change::truncated) offset_ = 0;
    gone_for = change == Change::gone ? gone_for + settings_.file_poll : Micros{};
    replaced_for = change == Change::replaced ? replaced_for + settings_.file_poll : Micros{};
    if (gone_for >= settings_.file_gone_after) {
      co_return Ending{LinkReason::missing, errno_text(endpoint_.path, ENOENT)};
    }
    // The writer may go on in the old file for a moment after the new one is there.
    if (replaced_for > settings_.file_poll) {
      const Ending reopened = open_file();
      if (reopened.reason != LinkReason::none) co_return reopened;
      replaced_for = Micros{};
      continue;
    }
    timer_.expires_after(settings_.file_poll);
    asio::error_code cancelled;
    co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
    if (closed()) co_return Ending{};
  }
}

asio::awaitable<int> FileSource::read_new(Sink& sink) {
  const std::span<char> buffer = thread_buffer();
  while (true) {
    const ssize_t got = ::pread(fd_, buffer.data(), buffer.size(), static_cast<off_t>(offset_));
    if (got < 0) co_return errno;
    if (got == 0) co_return 0;
    offset_ += static_cast<std::uint64_t>(got);
    sink.bytes({buffer.data(), static_cast<std::size_t>(got)});
    if (closed()) co_return 0;
    if (static_cast<std::size_t>(got) < buffer.size()) co_return 0;
    co_await asio::post(timer_.get_executor(), asio::use_awaitable);  // let the others read too
    if (closed()) co_return 0;
  }
}

FileSource::Change FileSource::look() const {
  struct stat followed {
  }, named{};
  if (::fstat(fd_, &followed) != 0) return Change::none;
  if (static_cast<std::uint64_t>(followed.st_size) < offset_) return Change::truncated;
  if (::stat(endpoint_.path.c_str(), &named) != 0) return Change::gone;
  const bool same = named.st_dev == followed.st_dev && named.st_ino == followed.st_ino;
  return same ? Change::none : Change::replaced;
}

void FileSource::do_close() {
  timer_.cancel();
  close_file();
}

}  // namespace lastgasp
