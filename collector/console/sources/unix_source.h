// A console behind a local stream socket (QEMU, conserver, a container's console).
#pragma once

#include <asio/local/stream_protocol.hpp>

#include "collector/console/sources/source.h"
#include "collector/console/sources/stream_reader.h"

namespace lastgasp {

class UnixSource final : public Source {
 public:
  UnixSource(asio::io_context& context, UnixEndpoint endpoint);
  asio::awaitable<Ending> read_until_end(Sink& sink) override;

 private:
  asio::awaitable<Ending> do_open() override;
  void do_close() override;

  UnixEndpoint endpoint_;
  asio::local::stream_protocol::socket connecting_;
  StreamReader stream_;
};

}  // namespace lastgasp
