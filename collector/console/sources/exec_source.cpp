#include "collector/console/sources/exec_source.h"

#include <cerrno>
#include <utility>

namespace lastgasp {

ExecSource::ExecSource(asio::io_context& context, ExecEndpoint endpoint,
                       const LinkSettings& settings)
    : context_(context), endpoint_(std::move(endpoint)), settings_(settings), stream_(context) {}

asio::awaitable<Ending> ExecSource::do_open() {
  int terminal = -1;
  child_ = Child::start(context_, endpoint_.command, terminal);
  if (!child_) co_return Ending{LinkReason::failed, errno_text("start the command", errno)};
  stream_.assign(terminal);
  co_return Ending{};
}

asio::awaitable<Ending> ExecSource::read_until_end(Sink& sink) {
  const int error = co_await stream_.read_to_end(sink, nullptr);
  if (closed()) co_return Ending{};
  if (error != 0 && error != EIO) co_return read_failure("the command's terminal", error);
  // EIO: the last process let go of the terminal. Owned here, because a close() meanwhile must
  // not take it away.
  const std::unique_ptr<Child> child = std::move(child_);
  const std::string outcome = co_await child->end(settings_.exec_grace);
  co_return Ending{LinkReason::exited, "the command " + outcome};
}

void ExecSource::do_close() {
  stream_.close();
  if (child_) end_unattended(context_, std::move(child_), settings_.exec_grace);
}

}  // namespace lastgasp
