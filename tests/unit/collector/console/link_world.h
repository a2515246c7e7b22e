// A link in a world of real sockets, ptys and files: an io_context that a test runs until something
// has happened, and an observer that remembers.
#pragma once

#include <unistd.h>

#include <algorithm>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/write.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "collector/console/link.h"
#include "collector/console/link_settings.h"

namespace lastgasp::test {

struct Seen final : LinkObserver {
  std::string text;
  std::vector<LinkStatus> statuses;
  int attempts = 0;
  LineErrors errors;

  void on_bytes(std::string_view bytes, Instant) override { text += bytes; }
  void on_status(const LinkStatus& status, Instant) override { statuses.push_back(status); }
  void on_line_errors(const LineErrors& e, Instant) override {
    errors.framing += e.framing;
    errors.breaks += e.breaks;
  }
  void on_attempt(Instant) override { ++attempts; }

  LinkStatus last() const { return statuses.empty() ? LinkStatus{} : statuses.back(); }
  bool up() const { return last().state == LinkState::up; }
  int count(LinkState state) const {
    return static_cast<int>(
        std::count_if(statuses.begin(), statuses.end(),
                      [state](const LinkStatus& s) { return s.state == state; }));
  }
  // The last status that was down, whatever came after it.
  LinkStatus last_down() const {
    for (auto it = statuses.rbegin(); it != statuses.rend(); ++it) {
      if (it->state == LinkState::down) return *it;
    }
    return {};
  }
};

inline LinkSettings quick() {
  LinkSettings settings;
  settings.backoff_first = std::chrono::milliseconds(4);
  settings.backoff_most = settings.backoff_most_local = std::chrono::milliseconds(20);
  settings.file_poll = std::chrono::milliseconds(5);
  settings.file_gone_after = std::chrono::milliseconds(40);
  settings.exec_grace = std::chrono::milliseconds(200);
  return settings;
}

struct World {
  asio::io_context io;
  SystemClock clock;
  Seen seen;
  LinkSettings settings = quick();
  std::shared_ptr<ConnectBudget> budget = make_connect_budget();
  std::unique_ptr<Link> link;

  void start(const std::string& endpoint) {
    link = std::make_unique<Link>(io, parse_endpoint(endpoint), budget, clock, seen, settings);
    link->start();
  }
  // False when it has not happened within ten seconds.
  template <class Done>
  bool run_until(Done done) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!done()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      io.restart();
      io.run_one_for(std::chrono::milliseconds(5));
    }
    return true;
  }
  bool run_until_up() {
    return run_until([this] { return seen.up(); });
  }
  bool run_until_text(const std::string& wanted) {
    return run_until([this, &wanted] { return seen.text == wanted; });
  }
  bool run_until_down(LinkReason reason) {
    return run_until([this, reason] {
      return seen.last().state == LinkState::down && seen.last().reason == reason;
    });
  }
};

using asio::ip::tcp;

inline tcp::endpoint loopback(unsigned short port = 0) {
  return {asio::ip::address_v4::loopback(), port};
}

// A console server's port, driven step by step.
struct Server {
  tcp::acceptor acceptor;
  explicit Server(asio::io_context& io, const tcp::endpoint& at = loopback()) : acceptor(io, at) {}
  std::string port() const { return std::to_string(acceptor.local_endpoint().port()); }
  // Waits in the kernel for a connection that has been seen up.
  tcp::socket accept() { return acceptor.accept(); }
};

inline void say(tcp::socket& peer, const std::string& text) {
  asio::write(peer, asio::buffer(text));
}

// A folder of one test, gone with it.
struct Folder {
  std::filesystem::path path;
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "lastgasp_link.XXXXXX").string();
    path = ::mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path); }
  std::string operator/(const std::string& name) const { return (path / name).string(); }
};

inline void append(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::app | std::ios::binary) << text;
}

}  // namespace lastgasp::test
