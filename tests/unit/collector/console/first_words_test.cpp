#include "collector/console/first_words.h"

#include <catch2/catch.hpp>

using namespace lastgasp;
using namespace std::chrono_literals;

namespace {

constexpr MonoTime kStart{1h};

LinkStatus closed() { return {LinkState::down, LinkReason::closed, "closed by the peer"}; }

}  // namespace

TEST_CASE("login_prompts") {
  for (const char* text : {"login: ", "Username:", "\r\nts1 login: ", "PASSWORD: ",
                           "User Name :x\r\nLogin as: ", "admin@ts1's password: "}) {
    INFO(text);
    CHECK(ends_in_login_prompt(text));
  }
  for (const char* text : {"", " ", "login", "login: \r\n", "router#", "Last login: Mon", "log:"}) {
    INFO(text);
    CHECK_FALSE(ends_in_login_prompt(text));
  }
}

TEST_CASE("unasked_login_prompt_is_the_servers") {
  FirstWords words({}, true, kStart);
  CHECK(words.hear("Welcome to ts1\r\nlog", kStart + 1s) == LinkReason::none);
  CHECK(words.hear("in: ", kStart + 2s) == LinkReason::server_login);
  CHECK(words.hear("login: ", kStart + 60s) == LinkReason::server_login);
  CHECK(words.hear("[  0.0] Linux version", kStart + 90s) == LinkReason::none);
  CHECK(words.hear("login: ", kStart + 91s) == LinkReason::none);
}

TEST_CASE("late_login_prompt_is_the_consoles") {
  FirstWords late({}, true, kStart);
  CHECK(late.hear("login: ", kStart + 4s) == LinkReason::none);
  FirstWords after_much({}, true, kStart);
  CHECK(after_much.hear(std::string(600, 'x') + "login: ", kStart + 1s) == LinkReason::none);
  FirstWords local({}, false, kStart);
  CHECK(local.hear("login: ", kStart + 1s) == LinkReason::none);
}

TEST_CASE("closed_at_once_is_busy") {
  FirstWords words({}, true, kStart);
  const LinkStatus silent = words.judge(closed(), kStart + 1s);
  CHECK(silent.reason == LinkReason::busy);
  CHECK(silent.detail == "accepted and closed at once");
  words.hear("\r\nPort in use by \x1b[31mbob\r\n", kStart + 1s);
  CHECK(words.judge(closed(), kStart + 1s).said == "Port in use by \x1b[31mbob");
}

TEST_CASE("closed_later_or_after_much_is_closed") {
  FirstWords words({}, true, kStart);
  CHECK(words.judge(closed(), kStart + 4s).reason == LinkReason::closed);
  words.hear(std::string(513, 'x'), kStart + 1s);
  CHECK(words.judge(closed(), kStart + 2s).reason == LinkReason::closed);
  FirstWords local({}, false, kStart);
  CHECK(local.judge(closed(), kStart + 1s).reason == LinkReason::closed);
  FirstWords command({}, true, kStart);
  CHECK(command.judge({LinkState::down, LinkReason::exited, "x"}, kStart + 1s).reason ==
        LinkReason::exited);
}
