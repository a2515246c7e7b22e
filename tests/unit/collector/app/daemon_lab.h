// What the daemon's tests share: consoles on TCP ports, a folder, a daemon that runs.
#pragma once

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <string_view>
#include <thread>

#include "collector/app/daemon.h"

namespace lastgasp {

inline constexpr int kPatienceMs = 20'000;

// A console on a TCP port of this machine.
class Peer {
 public:
  Peer() : listener_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    REQUIRE(bind(listener_, reinterpret_cast<sockaddr*>(&address), length) == 0);
    REQUIRE(listen(listener_, 8) == 0);
    getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length);
    port_ = ntohs(address.sin_port);
  }
  ~Peer() {
    if (connection_ >= 0) close(connection_);
    close(listener_);
  }
  std::string endpoint() const { return "tcp://127.0.0.1:" + std::to_string(port_); }
  void accept_one() {
    pollfd ready{listener_, POLLIN, 0};
    REQUIRE(poll(&ready, 1, kPatienceMs) == 1);
    connection_ = accept(listener_, nullptr, nullptr);
  }
  bool another_waits() const {
    pollfd ready{listener_, POLLIN, 0};
    return poll(&ready, 1, 0) == 1;
  }
  void print(std::string_view text) const {
    REQUIRE(send(connection_, text.data(), text.size(), 0) == ssize_t(text.size()));
  }

 private:
  int listener_, connection_ = -1;
  std::uint16_t port_ = 0;
};

class Folder {
 public:
  Folder() {
    char name[] = "/tmp/lastgasp-test-XXXXXX";
    path_ = mkdtemp(name);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  const std::filesystem::path& path() const { return path_; }
  void write(const std::string& file, const std::string& text) const {
    std::ofstream(path_ / file) << text;
  }

 private:
  std::filesystem::path path_;
};

inline bool eventually(const std::function<bool()>& condition) {
  for (int waited = 0; waited < kPatienceMs; waited += 10) {
    if (condition()) return true;
    poll(nullptr, 0, 10);
  }
  return condition();
}

class Running {
 public:
  explicit Running(Daemon& daemon) : daemon_(daemon), thread_([&daemon] { daemon.run(); }) {}
  ~Running() {
    daemon_.stop();
    thread_.join();
  }

 private:
  Daemon& daemon_;
  std::thread thread_;
};

}  // namespace lastgasp
