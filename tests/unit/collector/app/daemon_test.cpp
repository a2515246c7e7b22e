#include "collector/app/daemon.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <thread>

#include "collector/transcript/reader.h"

namespace lastgasp {
namespace {

constexpr int kPatienceMs = 20'000;

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

bool eventually(const std::function<bool()>& condition) {
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

std::string config_of(const Folder& folder, const std::vector<const Peer*>& peers) {
  std::string text = "storage: {path: " + (folder.path() / "data").string() +
                     "}\nweb: {listen: \"127.0.0.1:0\"}\nconsoles:\n";
  for (const Peer* peer : peers)
    text += "  - {name: \"" + peer->endpoint() + "\", endpoint: \"" + peer->endpoint() + "\"}\n";
  return text;
}

std::uint64_t lines_of(const Daemon& daemon, const std::string& console) {
  for (const ConsoleView& view : daemon.consoles())
    if (view.name == console) return view.received_lines;
  return 0;
}

constexpr std::string_view kPanic = "[    9.1] Kernel panic - not syncing: Fatal exception\r\n";

TEST_CASE("reload adds and removes consoles and leaves the others alone") {
  const SystemClock clock;
  const Folder folder;
  Peer stays, leaves, comes;
  folder.write("lg.yaml", config_of(folder, {&stays, &leaves}));
  Daemon daemon({folder.path() / "lg.yaml", {}, {}, {}}, clock);
  const Running running(daemon);
  stays.accept_one();
  leaves.accept_one();
  stays.print("one\n");
  CHECK(eventually([&] { return lines_of(daemon, stays.endpoint()) == 1; }));

  folder.write("lg.yaml", config_of(folder, {&stays, &comes}));
  const ReloadResult result = daemon.reload();
  CHECK(result.message.starts_with("1 consoles added, 1 removed, 0 changed, 1 untouched"));
  comes.accept_one();
  stays.print("two\n");
  CHECK(eventually([&] { return lines_of(daemon, stays.endpoint()) == 2; }));
  CHECK_FALSE(stays.another_waits());
  CHECK(daemon.consoles().size() == 2);

  folder.write("lg.yaml", "consols: []\n");
  const ReloadResult refused = daemon.reload();
  CHECK_FALSE(refused.ok);
  CHECK(refused.message.find("lg.yaml:1:1: unknown key 'consols'") != std::string::npos);
  CHECK(daemon.consoles().size() == 2);
  CHECK(daemon.metrics().find("lastgasp_config_last_reload_successful 0") != std::string::npos);
}

TEST_CASE("an open incident survives a restart and is not opened twice") {
  const SystemClock clock;
  const Folder folder;
  Peer peer;
  folder.write("lg.yaml", config_of(folder, {&peer}));
  const auto open_incidents = [&](Daemon& daemon) {
    return daemon.consoles().at(0).open_incidents;
  };
  for (int run = 0; run < 2; ++run) {
    Daemon daemon({folder.path() / "lg.yaml", {}, {}, {}}, clock);
    const Running running(daemon);
    peer.accept_one();
    peer.print(kPanic);
    CHECK(eventually([&] { return lines_of(daemon, peer.endpoint()) == 1; }));
    CHECK(eventually([&] { return open_incidents(daemon) == 1; }));
  }
  TranscriptReader reader(folder.path() / "data");
  CHECK(reader.incidents({}).size() == 1);
  CHECK(reader.search({.text = "Kernel panic"}, [](const FoundLine&) { return true; }).hits == 2);
}

TEST_CASE("a second daemon on the same folder is refused") {
  const SystemClock clock;
  const Folder folder;
  const Peer peer;
  folder.write("lg.yaml", config_of(folder, {&peer}));
  Daemon first({folder.path() / "lg.yaml", {}, {}, {}}, clock);
  CHECK_THROWS_AS(Daemon({folder.path() / "lg.yaml", {}, {}, {}}, clock), Error);
}

}  // namespace
}  // namespace lastgasp
