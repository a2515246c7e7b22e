#include "collector/console/sources/unix_source.h"

#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>
#include <utility>

namespace lastgasp {

UnixSource::UnixSource(asio::io_context& context, UnixEndpoint endpoint)
    : endpoint_(std::move(endpoint)), connecting_(context), stream_(context) {}

asio::awaitable<Ending> UnixSource::do_open() {
  asio::error_code error;
  const asio::local::stream_protocol::endpoint address(endpoint_.path);
  co_await connecting_.async_connect(address, asio::redirect_error(asio::use_awaitable, error));
  if (!error && !closed()) {
    stream_.assign(connecting_.release());
    co_return Ending{};
  }
  asio::error_code ignored;
  connecting_.close(ignored);
  co_return open_failure(endpoint_.path, error.value());
}

asio::awaitable<Ending> UnixSource::read_until_end(Sink& sink) {
  const int error = co_await stream_.read_to_end(sink, nullptr);
  co_return read_failure(endpoint_.path, error);
}

void UnixSource::do_close() {
  asio::error_code ignored;
  connecting_.close(ignored);
  stream_.close();
}

}  // namespace lastgasp
