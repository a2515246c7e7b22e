// A console behind a TCP port, raw or telnet.
#pragma once

#include <asio/ip/tcp.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "collector/console/sources/source.h"
#include "collector/console/sources/stream_reader.h"
#include "collector/console/telnet_codec.h"

namespace lastgasp {

class TcpSource final : public Source {
 public:
  TcpSource(asio::io_context& context, TcpEndpoint endpoint, const LinkSettings& settings);
  asio::awaitable<Ending> read_until_end(Sink& sink) override;

 private:
  using Address = asio::ip::tcp::endpoint;

  asio::awaitable<Ending> do_open() override;
  void do_close() override;
  asio::awaitable<Ending> resolve();
  asio::awaitable<Ending> connect(Address address, Micros timeout);
  std::string_view decode_telnet(std::span<char> raw);
  void send_pending();

  TcpEndpoint endpoint_;
  const LinkSettings& settings_;
  std::string name_;  // host:port, for details
  asio::ip::tcp::resolver resolver_;
  asio::ip::tcp::socket connecting_;
  StreamReader stream_;
  std::vector<Address> addresses_;  // the last that were found: name servers die with networks
  bool numeric_;
  std::unique_ptr<TelnetCodec> telnet_;
  std::string pending_;  // negotiation not yet sent
};

}  // namespace lastgasp
