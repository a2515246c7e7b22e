#include "collector/console/telnet_codec.h"

#include <cstring>

namespace lastgasp {
namespace {

constexpr std::uint8_t kSe = 240, kSb = 250, kWill = 251, kWont = 252, kDo = 253, kDont = 254,
                       kIac = 255;

bool wanted_from_peer(std::uint8_t option) {
  return option == TelnetCodec::kBinary || option == TelnetCodec::kEcho ||
         option == TelnetCodec::kSuppressGoAhead;
}

}  // namespace

std::string_view TelnetCodec::decode(std::span<char> bytes, std::string& reply) {
  std::size_t out = 0, in = 0;
  while (in < bytes.size()) {
    if (state_ == State::data && !after_cr_) {
      // The plain run up to the next IAC or CR moves at once.
      std::size_t end = in;
      while (end < bytes.size() && static_cast<std::uint8_t>(bytes[end]) != kIac &&
             bytes[end] != '\r') {
        ++end;
      }
      if (out != in) std::memmove(bytes.data() + out, bytes.data() + in, end - in);
      out += end - in;
      in = end;
      if (in == bytes.size()) break;
    }
    const char byte = bytes[in++];
    if (take(static_cast<std::uint8_t>(byte), reply)) bytes[out++] = byte;
  }
  return {bytes.data(), out};
}

bool TelnetCodec::take(std::uint8_t byte, std::string& reply) {
  switch (state_) {
    case State::data:
      if (byte != kIac) return take_data(byte);
      state_ = State::iac;
      return false;
    case State::iac:
      return take_command(byte);
    case State::negotiate:
      state_ = State::data;
      negotiate(byte, reply);
      return false;
    case State::subnegotiation:
    case State::subnegotiation_iac:
      take_subnegotiation(byte);
      return false;
  }
  return false;
}

bool TelnetCodec::take_data(std::uint8_t byte) {
  const bool padding = after_cr_ && byte == 0 && !peer_enabled(kBinary);
  after_cr_ = byte == '\r';
  return !padding;
}

bool TelnetCodec::take_command(std::uint8_t byte) {
  state_ = State::data;
  if (byte == kIac) return take_data(byte);
  if (byte == kSb) {
    state_ = State::subnegotiation;
    subnegotiated_ = 0;
  } else if (byte >= kWill) {
    state_ = State::negotiate;
    verb_ = byte;
  }
  return false;  // NOP, GA, data mark and the like say nothing to a reader
}

void TelnetCodec::take_subnegotiation(std::uint8_t byte) {
  if (state_ == State::subnegotiation_iac) {
    state_ = State::subnegotiation;
    if (byte == kSe) {
      state_ = State::data;
      return;
    }
    if (byte != kIac) {  // the end was lost: a new command begins
      take_command(byte);
      return;
    }
  } else if (byte == kIac) {
    state_ = State::subnegotiation_iac;
  }
  if (++subnegotiated_ > kMostSubnegotiation) state_ = State::data;
}

void TelnetCodec::negotiate(std::uint8_t option, std::string& reply) {
  if (verb_ == kWill || verb_ == kWont) {
    Side& side = peer_[option];
    const auto what =
        verb_ == kWill ? side.option.peer_on(wanted_from_peer(option)) : side.option.peer_off();
    answer(side, what, kDo, kDont, option, reply);
  } else {
    Side& side = ours_[option];
    const auto what = verb_ == kDo ? side.option.peer_on(false) : side.option.peer_off();
    answer(side, what, kWill, kWont, option, reply);
  }
}

void TelnetCodec::answer(Side& side, TelnetOption::Reply what, std::uint8_t agree,
                         std::uint8_t refuse, std::uint8_t option, std::string& reply) {
  if (what == TelnetOption::Reply::nothing || side.answers == kMostAnswers) return;
  ++side.answers;
  reply += static_cast<char>(kIac);
  reply += static_cast<char>(what == TelnetOption::Reply::agree ? agree : refuse);
  reply += static_cast<char>(option);
}

}  // namespace lastgasp
