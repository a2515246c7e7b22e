#include "collector/console/telnet_option.h"

#include <catch2/catch.hpp>

using namespace lastgasp;
using Reply = TelnetOption::Reply;

TEST_CASE("offer_accepted_once") {
  TelnetOption option;
  CHECK(option.peer_on(true) == Reply::agree);
  CHECK(option.enabled());
  CHECK(option.peer_on(true) == Reply::nothing);
  CHECK(option.peer_off() == Reply::refuse);
  CHECK_FALSE(option.enabled());
  CHECK(option.peer_off() == Reply::nothing);
}

TEST_CASE("offer_refused") {
  TelnetOption option;
  CHECK(option.peer_on(false) == Reply::refuse);
  CHECK_FALSE(option.enabled());
}

TEST_CASE("own_request_needs_no_answer_to_its_answer") {
  TelnetOption option;
  CHECK(option.ask(true) == Reply::agree);
  CHECK_FALSE(option.enabled());
  CHECK(option.peer_on(false) == Reply::nothing);
  CHECK(option.enabled());
  CHECK(option.ask(true) == Reply::nothing);
  CHECK(option.ask(false) == Reply::refuse);
  CHECK(option.peer_off() == Reply::nothing);
  CHECK_FALSE(option.enabled());
  CHECK(option.ask(false) == Reply::nothing);
}

TEST_CASE("own_request_declined") {
  TelnetOption option;
  CHECK(option.ask(true) == Reply::agree);
  CHECK(option.peer_off() == Reply::nothing);
  CHECK_FALSE(option.enabled());
}

TEST_CASE("changed_mind_waits_for_the_answer") {
  TelnetOption option;
  CHECK(option.ask(true) == Reply::agree);
  CHECK(option.ask(false) == Reply::nothing);
  CHECK(option.peer_on(true) == Reply::refuse);
  CHECK(option.ask(true) == Reply::nothing);
  CHECK(option.peer_off() == Reply::agree);
  CHECK(option.peer_on(true) == Reply::nothing);
  CHECK(option.enabled());
}

TEST_CASE("refusal_answered_by_an_offer") {
  TelnetOption option;
  option.peer_on(true);
  CHECK(option.ask(false) == Reply::refuse);
  CHECK(option.peer_on(true) == Reply::nothing);
  CHECK_FALSE(option.enabled());
}
