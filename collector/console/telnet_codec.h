// Telnet (RFC 854, 856, 1143) as a reader needs it: takes the protocol out of the stream and
// answers option negotiation. Never produces a data byte to send. Pure; one per connection.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "collector/console/telnet_option.h"

namespace lastgasp {

class TelnetCodec {
 public:
  static constexpr std::uint8_t kBinary = 0, kEcho = 1, kSuppressGoAhead = 3;
  // A subnegotiation longer than this is taken to be a lost end, and what follows is data again.
  static constexpr std::size_t kMostSubnegotiation = 1024;
  // Answers given for one side of one option in a connection. RFC 1143 rules out loops with a
  // peer that keeps to it; this rules them out with one that does not.
  static constexpr std::uint8_t kMostAnswers = 8;

  // Decodes `bytes` in place, wherever the stream was cut, and returns the console's own bytes: a
  // front part of `bytes`, valid as long as they are. Appends what must be answered to `reply`.
  std::string_view decode(std::span<char> bytes, std::string& reply);

  bool peer_enabled(std::uint8_t option) const { return peer_[option].option.enabled(); }

 private:
  enum class State : std::uint8_t { data, iac, negotiate, subnegotiation, subnegotiation_iac };
  struct Side {
    TelnetOption option;
    std::uint8_t answers = 0;
  };

  // Whether `byte` is data; moves the state.
  bool take(std::uint8_t byte, std::string& reply);
  bool take_data(std::uint8_t byte);
  bool take_command(std::uint8_t byte);
  void take_subnegotiation(std::uint8_t byte);
  void negotiate(std::uint8_t option, std::string& reply);
  static void answer(Side& side, TelnetOption::Reply what, std::uint8_t agree, std::uint8_t refuse,
                     std::uint8_t option, std::string& reply);

  State state_ = State::data;
  std::uint8_t verb_ = 0;  // WILL, WONT, DO or DONT, before its option
  bool after_cr_ = false;  // commands between CR and NUL do not part them
  std::size_t subnegotiated_ = 0;
  std::array<Side, 256> peer_{}, ours_{};
};

}  // namespace lastgasp
