// One side of one telnet option: the state machine of RFC 1143 (the "Q method"), which cannot
// answer an answer. Pure.
#pragma once

#include <cstdint>

namespace lastgasp {

class TelnetOption {
 public:
  // What to send; `agree` is DO for the peer's side and WILL for ours, `refuse` DONT or WONT.
  enum class Reply : std::uint8_t { nothing, agree, refuse };

  bool enabled() const { return state_ == State::yes; }

  // The peer offers or asks (WILL, DO): `acceptable` says whether we want it.
  Reply peer_on(bool acceptable);
  // The peer declines or stops (WONT, DONT).
  Reply peer_off();
  // We want the option on or off by ourselves.
  Reply ask(bool on);

 private:
  enum class State : std::uint8_t {
    no,
    yes,
    want_no,
    want_no_then_yes,
    want_yes,
    want_yes_then_no
  };
  State state_ = State::no;
};

}  // namespace lastgasp
