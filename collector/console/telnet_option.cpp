#include "collector/console/telnet_option.h"

namespace lastgasp {

TelnetOption::Reply TelnetOption::peer_on(bool acceptable) {
  switch (state_) {
    case State::no:
      if (!acceptable) return Reply::refuse;
      state_ = State::yes;
      return Reply::agree;
    case State::yes:
      return Reply::nothing;
    case State::want_no:  // our refusal answered by an offer: a peer in error
      state_ = State::no;
      return Reply::nothing;
    case State::want_no_then_yes:
    case State::want_yes:
      state_ = State::yes;
      return Reply::nothing;
    case State::want_yes_then_no:
      state_ = State::want_no;
      return Reply::refuse;
  }
  return Reply::nothing;
}

TelnetOption::Reply TelnetOption::peer_off() {
  switch (state_) {
    case State::no:
      return Reply::nothing;
    case State::yes:
      state_ = State::no;
      return Reply::refuse;
    case State::want_no_then_yes:
      state_ = State::want_yes;
      return Reply::agree;
    case State::want_no:
    case State::want_yes:
    case State::want_yes_then_no:
      state_ = State::no;
      return Reply::nothing;
  }
  return Reply::nothing;
}

TelnetOption::Reply TelnetOption::ask(bool on) {
  switch (state_) {
    case State::no:
      if (!on) return Reply::nothing;
      state_ = State::want_yes;
      return Reply::agree;
    case State::yes:
      if (on) return Reply::nothing;
      state_ = State::want_no;
      return Reply::refuse;
    case State::want_no:
    case State::want_no_then_yes:
      state_ = on ? State::want_no_then_yes : State::want_no;
      return Reply::nothing;
    case State::want_yes:
    case State::want_yes_then_no:
      state_ = on ? State::want_yes : State::want_yes_then_no;
      return Reply::nothing;
  }
  return Reply::nothing;
}

}  // namespace lastgasp
