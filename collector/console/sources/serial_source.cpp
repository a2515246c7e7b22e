#include "collector/console/sources/serial_source.h"

#include <fcntl.h>

#include <cerrno>
#include <utility>

namespace lastgasp {

SerialSource::SerialSource(asio::io_context& context, SerialEndpoint endpoint,
                           const LinkSettings& settings)
    : endpoint_(std::move(endpoint)), settings_(settings), stream_(context) {}

asio::awaitable<Ending> SerialSource::do_open() {
  Ending why;
  port_ = SerialPort::open(endpoint_, why);
  if (!port_) co_return why;
  const int fd = ::fcntl(port_->descriptor(), F_DUPFD_CLOEXEC, 0);
  if (fd < 0) co_return open_failure(endpoint_.device, errno);
  stream_.assign(fd);
  marks_ = ParityMarks();
  reported_ = totals();
  co_return Ending{};
}

asio::awaitable<Ending> SerialSource::read_until_end(Sink& sink) {
  const int error = co_await stream_.read_to_end(sink, [this, &sink](std::span<char> raw) {
    schedule_report(sink);
    return marks_.decode(raw);
  });
  if (error == 0 || error == EIO || error == ENXIO || error == ENODEV) {
    co_return Ending{LinkReason::unplugged, endpoint_.device + ": the device went away"};
  }
  co_return read_failure(endpoint_.device, error);
}

void SerialSource::schedule_report(Sink& sink) {
  if (next_report_ && !next_report_->expired()) return;
  next_report_.emplace(stream_.get_executor(), settings_.line_errors_every,
                       [this, &sink] { report(sink); });
}

void SerialSource::report(Sink& sink) {
  const LineErrors now = totals();
  const LineErrors errors{now.framing - reported_.framing, now.parity - reported_.parity,
                          now.overrun - reported_.overrun, now.breaks - reported_.breaks};
  reported_ = now;
  if (errors.any()) sink.line_errors(errors);
}

LineErrors SerialSource::totals() const {
  if (const auto counted = port_->counters()) return *counted;
  LineErrors marked;
  marked.breaks = marks_.breaks();
  (endpoint_.parity == Parity::none ? marked.framing : marked.parity) = marks_.damaged();
  return marked;
}

void SerialSource::do_close() {
  next_report_.reset();
  stream_.close();
  port_.reset();
}

}  // namespace lastgasp
