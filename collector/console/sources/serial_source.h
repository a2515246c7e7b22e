// A console on a serial port of this machine.
#pragma once

#include <memory>
#include <optional>

#include "collector/console/sources/deadline.h"
#include "collector/console/sources/parity_marks.h"
#include "collector/console/sources/serial_port.h"
#include "collector/console/sources/source.h"
#include "collector/console/sources/stream_reader.h"

namespace lastgasp {

class SerialSource final : public Source {
 public:
  SerialSource(asio::io_context& context, SerialEndpoint endpoint, const LinkSettings& settings);
  asio::awaitable<Ending> read_until_end(Sink& sink) override;

 private:
  asio::awaitable<Ending> do_open() override;
  void do_close() override;
  // Errors are looked up a moment after bytes came, not with each read: once for all of a burst.
  void schedule_report(Sink& sink);
  void report(Sink& sink);
  LineErrors totals() const;

  SerialEndpoint endpoint_;
  const LinkSettings& settings_;
  std::unique_ptr<SerialPort> port_;
  StreamReader stream_;  // a duplicate of the port's descriptor
  ParityMarks marks_;
  LineErrors reported_;
  std::optional<Deadline> next_report_;
};

}  // namespace lastgasp
