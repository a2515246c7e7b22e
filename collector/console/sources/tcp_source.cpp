#include "collector/console/sources/tcp_source.h"

#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>
#include <cerrno>
#include <charconv>
#include <utility>

#include "collector/console/sources/deadline.h"

namespace lastgasp {
namespace {

constexpr Micros kLeastConnectTimeout = std::chrono::seconds(3);
// A peer that negotiates without ever reading the answers is not waited for.
constexpr std::size_t kMostPending = 4096;

// A half-open connection (the peer lost power, a firewall forgot us) is noticed within 60 s: the
// first probe after 20 s of quiet, one every 10 s, the end when 45 s brought no acknowledgement.
void watch_for_half_open(int fd) {
  const auto set = [fd](int level, int name, int value) {
    ::setsockopt(fd, level, name, &value, sizeof value);
  };
  set(SOL_SOCKET, SO_KEEPALIVE, 1);
  set(SOL_SOCKET, SO_OOBINLINE, 1);  // a telnet data mark stays in its place
  set(IPPROTO_TCP, TCP_KEEPIDLE, 20);
  set(IPPROTO_TCP, TCP_KEEPINTVL, 10);
  set(IPPROTO_TCP, TCP_KEEPCNT, 3);
  set(IPPROTO_TCP, TCP_USER_TIMEOUT, 45'000);
}

// Set when host and port are both numbers: such an address needs no resolver, whose one thread a
// dead name server can hold up for long.
std::vector<asio::ip::tcp::endpoint> numeric_address(const TcpEndpoint& endpoint) {
  asio::error_code error;
  const auto address = asio::ip::make_address(endpoint.host, error);
  unsigned short port = 0;
  const char* end = endpoint.port.data() + endpoint.port.size();
  const auto parsed = std::from_chars(endpoint.port.data(), end, port);
  if (error || parsed.ec != std::errc{} || parsed.ptr != end) return {};
  return {{address, port}};
}

std::string address_and_port(const std::string& host, const std::string& port) {
  const bool ipv6 = host.find(':') != std::string::npos;
  return (ipv6 ? "[" + host + "]" : host) + ":" + port;
}

}  // namespace

TcpSource::TcpSource(asio::io_context& context, TcpEndpoint endpoint, const LinkSettings& settings)
    : endpoint_(std::move(endpoint)),
      settings_(settings),
      name_(address_and_port(endpoint_.host, endpoint_.port)),
      resolver_(context),
      connecting_(context),
      stream_(context),
      addresses_(numeric_address(endpoint_)),
      numeric_(!addresses_.empty()) {}

asio::awaitable<Ending> TcpSource::do_open() {
  Ending result = co_await resolve();
  if (closed() || addresses_.empty()) co_return result;
  const Micros timeout =
      std::max(kLeastConnectTimeout,
               settings_.connect_timeout / static_cast<Micros::rep>(addresses_.size()));
  const std::vector<Address> addresses = addresses_;
  for (const Address& address : addresses) {
    result = co_await connect(address, timeout);
    if (closed() || result.reason == LinkReason::none) break;
  }
  co_return result;
}

asio::awaitable<Ending> TcpSource::resolve() {
  if (numeric_) co_return Ending{};
  asio::error_code error;
  const auto found = co_await resolver_.async_resolve(
      endpoint_.host, endpoint_.port, asio::redirect_error(asio::use_awaitable, error));
  if (error) co_return Ending{LinkReason::unresolved, name_ + ": " + error.message()};
  addresses_.clear();
  for (const auto& entry : found) addresses_.push_back(entry.endpoint());
  co_return Ending{};
}

asio::awaitable<Ending> TcpSource::connect(Address address, Micros timeout) {
  asio::error_code error;
  const std::string where =
      address_and_port(address.address().to_string(), std::to_string(address.port()));
  const Deadline deadline(stream_.get_executor(), timeout, [this] {
    asio::error_code ignored;
    connecting_.close(ignored);
  });
  co_await connecting_.async_connect(address, asio::redirect_error(asio::use_awaitable, error));
  if (!closed() && deadline.expired()) error = asio::error::timed_out;
  if (!error && !closed()) {
    watch_for_half_open(connecting_.native_handle());
    stream_.assign(connecting_.release());
    if (endpoint_.telnet) telnet_ = std::make_unique<TelnetCodec>();
    pending_.clear();
    co_return Ending{};
  }
  asio::error_code ignored;
  connecting_.close(ignored);
  co_return open_failure(where, error.value());
}

asio::awaitable<Ending> TcpSource::read_until_end(Sink& sink) {
  Decode decode;
  if (telnet_) decode = [this](std::span<char> raw) { return decode_telnet(raw); };
  const int error = co_await stream_.read_to_end(sink, std::move(decode));
  if (pending_.size() > kMostPending) {
    co_return Ending{LinkReason::failed, name_ + ": negotiates without reading the answers"};
  }
  co_return read_failure(name_, error);
}

std::string_view TcpSource::decode_telnet(std::span<char> raw) {
  const std::string_view bytes = telnet_->decode(raw, pending_);
  if (!pending_.empty()) send_pending();
  return bytes;
}

void TcpSource::send_pending() {
  const ssize_t sent =
      ::send(stream_.descriptor(), pending_.data(), pending_.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent > 0) pending_.erase(0, static_cast<std::size_t>(sent));
  if (pending_.size() > kMostPending) {
    stream_.close();
  }
}

void TcpSource::do_close() {
  resolver_.cancel();
  asio::error_code ignored;
  connecting_.close(ignored);
  stream_.close();
}

}  // namespace lastgasp
