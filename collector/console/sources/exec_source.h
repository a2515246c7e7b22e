// A console reached by a command (ssh, ipmitool sol, virsh console), run under a pty.
#pragma once

#include <memory>

#include "collector/console/sources/child.h"
#include "collector/console/sources/source.h"
#include "collector/console/sources/stream_reader.h"

namespace lastgasp {

class ExecSource final : public Source {
 public:
  ExecSource(asio::io_context& context, ExecEndpoint endpoint, const LinkSettings& settings);
  asio::awaitable<Ending> read_until_end(Sink& sink) override;

 private:
  asio::awaitable<Ending> do_open() override;
  void do_close() override;

  asio::io_context& context_;
  ExecEndpoint endpoint_;
  const LinkSettings& settings_;
  std::unique_ptr<Child> child_;
  StreamReader stream_;
};

}  // namespace lastgasp
