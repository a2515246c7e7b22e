#include <sys/socket.h>

#include <catch2/catch.hpp>
#include <optional>

#include "link_world.h"

using namespace lastgasp;
using namespace lastgasp::test;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;

TEST_CASE("bytes_arrive_and_silence_ends") {
  World world;
  Server server(world.io);
  world.start("tcp://127.0.0.1:" + server.port());
  REQUIRE(world.run_until_up());
  CHECK(world.seen.statuses.front().state == LinkState::connecting);
  CHECK(world.seen.last().reason == LinkReason::silent);
  tcp::socket peer = server.accept();
  say(peer, "Router>");
  REQUIRE(world.run_until_text("Router>"));
  CHECK(world.seen.last().reason == LinkReason::none);
  CHECK(world.seen.attempts == 1);
}

TEST_CASE("reconnect_after_close") {
  World world;
  world.settings.first_words = 0us;  // a close says nothing but close
  Server server(world.io);
  world.start("tcp://localhost:" + server.port());
  REQUIRE(world.run_until_up());
  {
    tcp::socket peer = server.accept();
    say(peer, "half a li");
  }
  REQUIRE(world.run_until_down(LinkReason::closed));
  REQUIRE(world.run_until_up());
  tcp::socket again = server.accept();
  say(again, "ne\n");
  CHECK(world.run_until_text("half a line\n"));
  CHECK(world.seen.attempts >= 2);
}

TEST_CASE("reset_by_the_peer") {
  World world;
  world.settings.first_words = 0us;
  Server server(world.io);
  world.start("tcp://127.0.0.1:" + server.port());
  REQUIRE(world.run_until_up());
  tcp::socket peer = server.accept();
  peer.set_option(asio::socket_base::linger(true, 0));
  peer.close();
  CHECK(world.run_until_down(LinkReason::reset));
}

TEST_CASE("refused_then_up") {
  World world;
  std::optional<Server> server(world.io);
  const std::string port = server->port();
  server.reset();
  world.start("tcp://127.0.0.1:" + port);
  REQUIRE(world.run_until_down(LinkReason::refused));
  CHECK_THAT(world.seen.last().detail, Contains("127.0.0.1:" + port));
  Server risen(world.io, loopback(static_cast<unsigned short>(std::stoi(port))));
  CHECK(world.run_until_up());
}

TEST_CASE("unresolved_name") {
  World world;
  world.start("tcp://no-such-host.invalid:1");
  CHECK(world.run_until_down(LinkReason::unresolved));
}

TEST_CASE("ipv6_loopback") {
  World world;
  std::optional<Server> server;
  try {
    server.emplace(world.io, tcp::endpoint(asio::ip::address_v6::loopback(), 0));
  } catch (const asio::system_error&) {
    WARN("this machine has no IPv6 loopback");
    return;
  }
  world.start("tcp://[::1]:" + server->port());
  REQUIRE(world.run_until_up());
  tcp::socket peer = server->accept();
  say(peer, "v6");
  CHECK(world.run_until_text("v6"));
}

TEST_CASE("busy_banner_then_close") {
  World world;
  Server server(world.io);
  world.start("telnet://127.0.0.1:" + server.port());
  REQUIRE(world.run_until_up());
  {
    tcp::socket peer = server.accept();
    say(peer, "Port already in use\r\n");
  }
  REQUIRE(world.run_until_down(LinkReason::busy));
  CHECK_THAT(world.seen.last().said, Contains("Port already in use"));
}

TEST_CASE("accepted_and_closed_at_once_backs_off") {
  World world;
  world.settings.backoff_first = 20ms;
  world.settings.backoff_most = 30s;
  Server server(world.io);
  const auto began = std::chrono::steady_clock::now();
  world.start("tcp://127.0.0.1:" + server.port());
  for (int i = 1; i <= 4; ++i) {
    REQUIRE(world.run_until([&] { return world.seen.count(LinkState::up) == i; }));
    server.accept().close();
    REQUIRE(world.run_until_down(LinkReason::busy));
  }
  // Three waits lie between four attempts: at least half of 20, 40 and 80 ms.
  CHECK(std::chrono::steady_clock::now() - began >= 70ms);
}

TEST_CASE("server_login_prompt_is_told_from_the_console") {
  World world;
  Server server(world.io);
  world.start("tcp://127.0.0.1:" + server.port());
  REQUIRE(world.run_until_up());
  tcp::socket peer = server.accept();
  say(peer, "ts1 login: ");
  REQUIRE(world.run_until_text("ts1 login: "));
  CHECK(world.seen.last().reason == LinkReason::server_login);
}

TEST_CASE("telnet_negotiation_with_split_iac") {
  World world;
  Server server(world.io);
  world.start("telnet://127.0.0.1:" + server.port());
  REQUIRE(world.run_until_up());
  tcp::socket peer = server.accept();
  const std::string wire =
      "a\xff\xfb\x01\xff\xfd\x1f\xff\xff"
      "b\r";
  for (const char byte : wire) {
    say(peer, std::string(1, byte));
    world.io.poll();
  }
  REQUIRE(
      world.run_until_text("a\xff"
                           "b\r"));
  std::string answers(6, '\0');
  peer.non_blocking(true);
  std::size_t got = 0;
  REQUIRE(world.run_until([&] {
    asio::error_code none_yet;
    got += peer.read_some(asio::buffer(answers.data() + got, answers.size() - got), none_yet);
    return got == answers.size();
  }));
  CHECK(answers == "\xff\xfd\x01\xff\xfc\x1f");
}

TEST_CASE("raw_tcp_passes_every_byte_and_sends_none") {
  World world;
  Server server(world.io);
  world.start("tcp://127.0.0.1:" + server.port());
  REQUIRE(world.run_until_up());
  tcp::socket peer = server.accept();
  const std::string wire("\xff\xfb\x01\r\0x", 6);
  say(peer, wire);
  REQUIRE(world.run_until_text(wire));
  CHECK(peer.available() == 0);
}

TEST_CASE("flood_arrives_whole") {
  World world;
  Server server(world.io);
  world.start("tcp://127.0.0.1:" + server.port());
  REQUIRE(world.run_until_up());
  tcp::socket peer = server.accept();
  std::string flood;
  for (int i = 0; i < 40'000; ++i) flood += "line " + std::to_string(i) + "\n";
  std::size_t sent = 0;
  peer.non_blocking(true);
  REQUIRE(world.run_until([&] {
    asio::error_code full;
    if (sent < flood.size()) {
      sent += peer.write_some(asio::buffer(flood.data() + sent, flood.size() - sent), full);
    }
    return world.seen.text.size() == flood.size();
  }));
  CHECK(world.seen.text == flood);
}

TEST_CASE("half_open_is_watched_for") {
  // What the kernel will do is asked of the kernel: the probes of the one socket that is ours.
  World world;
  Server server(world.io);
  world.start("tcp://127.0.0.1:" + server.port());
  REQUIRE(world.run_until_up());
  tcp::socket peer = server.accept();
  int watched = 0;
  for (int fd = 3; fd < 256; ++fd) {
    sockaddr_in name{};
    socklen_t size = sizeof name;
    if (::getpeername(fd, reinterpret_cast<sockaddr*>(&name), &size) != 0) continue;
    if (ntohs(name.sin_port) != std::stoi(server.port())) continue;
    int on = 0;
    socklen_t on_size = sizeof on;
    ::getsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, &on_size);
    watched += on;
  }
  CHECK(watched == 1);
}

TEST_CASE("stop_in_a_callback_is_the_last_callback") {
  struct Stopper final : LinkObserver {
    Link* link = nullptr;
    int calls_after = 0;
    bool stopped = false;
    void call() { calls_after += stopped; }
    void on_bytes(std::string_view, Instant) override {
      call();
      link->stop();
      stopped = true;
    }
    void on_status(const LinkStatus&, Instant) override { call(); }
    void on_line_errors(const LineErrors&, Instant) override { call(); }
    void on_attempt(Instant) override { call(); }
  };
  World world;
  Server server(world.io);
  Stopper stopper;
  Link link(world.io, parse_endpoint("tcp://127.0.0.1:" + server.port()), world.budget, world.clock,
            stopper, world.settings);
  stopper.link = &link;
  link.start();
  std::optional<tcp::socket> peer;
  server.acceptor.async_accept([&](const asio::error_code&, tcp::socket accepted) {
    peer = std::move(accepted);
    say(*peer, "x");
  });
  REQUIRE(world.run_until([&] { return stopper.stopped; }));
  say(*peer, "y");
  world.io.restart();
  world.io.run_for(50ms);
  CHECK(stopper.calls_after == 0);
}

TEST_CASE("stop_at_any_step_leaves_nothing_running") {
  for (int steps = 0; steps < 12; ++steps) {
    World world;
    Server server(world.io);
    world.start("telnet://localhost:" + server.port());
    for (int i = 0; i < steps; ++i) world.io.poll_one();
    world.link->stop();
    const std::size_t before = world.seen.statuses.size();
    world.link.reset();
    world.io.restart();
    world.io.run();  // returns: no work is left
    CHECK(world.seen.statuses.size() == before);
  }
}

TEST_CASE("context_destroyed_under_a_running_link") {
  for (const char* endpoint : {"tcp://localhost:1", "exec:sleep 100", "file:/nonexistent/x"}) {
    Seen seen;
    const SystemClock clock;
    auto io = std::make_unique<asio::io_context>();
    auto link = std::make_unique<Link>(*io, parse_endpoint(endpoint), make_connect_budget(), clock,
                                       seen, quick());
    link->start();
    io->run_for(30ms);
    link.reset();
    io.reset();
    CHECK(seen.attempts >= 1);
  }
}
