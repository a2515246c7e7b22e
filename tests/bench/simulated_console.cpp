#include "simulated_console.h"

#include <algorithm>
#include <utility>

namespace simulated {

using asio::ip::tcp;

Console::Console(asio::io_context& context, bool telnet, unsigned number,
                 const LinePrinter& printer, Tally& tally, const Events& events)
    : telnet_(telnet),
      number_(number),
      printer_(printer),
      tally_(tally),
      events_(events),
      acceptor_(context, tcp::endpoint(asio::ip::address_v4::loopback(), 0)),
      socket_(context) {
  accept();
}

void Console::owe(std::uint64_t lines) {
  if (owed_ != kNoEnd) owed_ = lines == kNoEnd ? kNoEnd : owed_ + lines;
  print();
}

void Console::crash() {
  extra_ += kCrash;
  crashing_ = true;
  print();
}

void Console::make_noise(std::uint64_t seed) {
  extra_ += noise(seed);
  print();
}

void Console::hang_up() {
  if (!connected_) return;
  hanging_up_ = true;
  if (writing_) return;
  asio::error_code ignored;  // a reader that is gone is seen by discard()
  socket_.shutdown(tcp::socket::shutdown_send, ignored);
}

void Console::accept() {
  acceptor_.async_accept([this](const asio::error_code& error, tcp::socket peer) {
    if (error) return;
    peer.set_option(tcp::no_delay(true));
    if (connected_ && !hanging_up_) events_.left(*this);
    hang_ups_ += connected_ && hanging_up_ ? 1 : 0;
    if (!connected_) ++tally_.connected;
    connected_ = true;
    hanging_up_ = false;
    socket_ = std::move(peer);  // a second reader takes the place of the first
    if (telnet_) greet();
    discard();
    print();
    accept();
  });
}

void Console::greet() {
  static constexpr std::string_view kWillEchoWillSga = "\xff\xfb\x01\xff\xfb\x03";
  asio::error_code ignored;  // six bytes always fit; a reader that is gone is seen by discard()
  asio::write(socket_, asio::buffer(kWillEchoWillSga), ignored);
}

// A console that nobody types on: what comes is answers to telnet, or the end.
void Console::discard() {
  socket_.async_read_some(asio::buffer(discarded_),
                          [this](const asio::error_code& error, std::size_t) {
                            if (error == asio::error::operation_aborted) return;
                            error ? ended() : discard();
                          });
}

void Console::ended() {
  socket_.close();
  if (!hanging_up_) events_.left(*this);
  hang_ups_ += hanging_up_ ? 1 : 0;
  connected_ = hanging_up_ = false;
  --tally_.connected;
  ++tally_.disconnects;
}

void Console::print() {
  if (writing_ || !connected_ || hanging_up_) return;
  const std::size_t used = fill();
  if (used == 0) return;
  writing_ = true;
  if (std::exchange(crashing_, false)) events_.crashed(*this);
  asio::async_write(socket_, asio::buffer(block_, used),
                    [this](const asio::error_code&, std::size_t written) {
                      writing_ = false;
                      bytes_ += written;
                      hanging_up_ ? hang_up() : print();
                    });
}

// What goes out next, into the block.
std::size_t Console::fill() {
  std::size_t used = extra_.copy(block_.data(), block_.size());
  extra_.erase(0, used);
  while (owed_ > 0 && block_.size() - used >= kMostLineBytes && tally_.bytes < tally_.most_bytes) {
    const std::size_t length = printer_.print(&block_[used], number_, ++sequence_);
    used += length;
    tally_.bytes += length;
    if (owed_ != kNoEnd) --owed_;
  }
  if (tally_.bytes >= tally_.most_bytes) owed_ = 0;
  return used;
}

}  // namespace simulated
