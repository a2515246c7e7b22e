// One console of a router on loopback: a TCP port, or one that speaks telnet. It has one reader at
// a time and types nothing away: what it is to print waits until there is a reader. One thread.
#pragma once

#include <array>
#include <asio.hpp>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>

#include "simulated_line.h"

namespace simulated {

inline constexpr std::uint64_t kNoEnd = std::numeric_limits<std::uint64_t>::max();

// What all consoles did together.
struct Tally {
  std::uint64_t bytes = 0, most_bytes = kNoEnd, disconnects = 0;
  unsigned connected = 0;
};

class Console {
 public:
  // Called as it happens; `left` when the reader closed, which may have lost it the newest lines.
  struct Events {
    std::function<void(const Console&)> crashed, left;
  };
  // All that is passed outlives it.
  Console(asio::io_context& context, bool telnet, unsigned number, const LinePrinter& printer,
          Tally& tally, const Events& events);

  unsigned port() const { return acceptor_.local_endpoint().port(); }
  unsigned number() const { return number_; }
  std::uint64_t last_sequence() const { return sequence_; }
  std::uint64_t bytes() const { return bytes_; }  // lines, crashes and noise
  unsigned hang_ups() const { return hang_ups_; }
  bool floods() const { return owed_ == kNoEnd; }
  bool idle() const { return !writing_ && (owed_ == 0 || !connected_) && extra_.empty(); }

  // To be printed as soon as the peer takes it; kNoEnd until print_no_more().
  void owe(std::uint64_t lines);
  void print_no_more() { owed_ = 0; }
  // Between two of its lines.
  void crash();
  void make_noise(std::uint64_t seed);
  // Ends the connection behind the last byte, so that the reader gets all of it.
  void hang_up();

 private:
  void accept();
  void greet();
  void discard();
  void ended();
  void print();
  std::size_t fill();

  const bool telnet_;
  const unsigned number_;
  const LinePrinter& printer_;
  Tally& tally_;
  const Events& events_;
  asio::ip::tcp::acceptor acceptor_;
  asio::ip::tcp::socket socket_;
  bool connected_ = false, writing_ = false, hanging_up_ = false, crashing_ = false;
  std::uint64_t sequence_ = 0, owed_ = 0, bytes_ = 0;
  unsigned hang_ups_ = 0;
  std::string extra_;  // comes before the next line
  std::array<char, 16 << 10> block_;
  std::array<char, 64> discarded_;
};

}  // namespace simulated
