// Event streams of the real server on a real port.
#include <poll.h>
#include <catch2/catch.hpp>
#include <chrono>
#include <deque>
#include <thread>

#include "collector/transcript/writer.h"
#include "exporters/web/server.h"
#include "exporters/web/streams.h"
#include "fake_backend.h"
#include "http_client.h"
#include "tests/unit/collector/transcript/transcript_fixture.h"

namespace lastgasp {
namespace {

// A client that goes on listening.
class Listening {
 public:
  Listening(const std::string& address, const std::string& target, const std::string& headers = {})
      : socket_(connect_to(address)) {
    const std::string text = "GET " + target + " HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n";
    REQUIRE(::send(socket_, text.data(), text.size(), MSG_NOSIGNAL) ==
            static_cast<ssize_t>(text.size()));
  }
  Listening(const Listening&) = delete;
  Listening& operator=(const Listening&) = delete;
  ~Listening() { ::close(socket_); }

  // Whether `text` came, the server having ended the stream, or not, within a while.
  bool heard(const std::string& text) {
    while (!has(text) && more()) continue;
    return has(text);
  }
  bool has(const std::string& text) const { return all_.find(text) != std::string::npos; }
  bool ended() {
    while (more()) continue;
    return closed_;
  }

 private:
  bool more() {
    pollfd waiting{socket_, POLLIN, 0};
    if (closed_ || ::poll(&waiting, 1, 15'000) <= 0) return false;
    char part[65536];
    const auto size = ::recv(socket_, part, sizeof part, 0);
    closed_ = size <= 0;
    if (!closed_) all_.append(part, static_cast<std::size_t>(size));
    return !closed_;
  }

  int socket_;
  bool closed_ = false;
  std::string all_;
};

struct StreamingServer {
  StreamingServer() {
    backend.folder = folder.path();
    backend.views.emplace_back().name = "core1";
    say("before\n");
  }
  void say(const std::string& text) {
    append(writer, console, backend.time.wall, text);
    REQUIRE(writer.flush());
  }

  TempFolder folder;
  HandClock clock;
  TranscriptWriter writer{folder.path(), {}, clock};
  const ConsoleId console = writer.console_id("core1", "");
  FakeBackend backend;
  std::unique_ptr<WebServer> server = std::make_unique<WebServer>("127.0.0.1:0", backend);
  std::string at = server->address();
};

}  // namespace

TEST_CASE_METHOD(StreamingServer, "a stream of events says hello at once") {
  Listening client(at, "/api/v1/events");
  CHECK(client.heard("Content-Type: text/event-stream"));
  CHECK(client.heard("event: hello\ndata: {\"now\":\""));
  CHECK(client.heard("\"version\":\"1.2.3\""));
}

TEST_CASE_METHOD(StreamingServer,
                 "lines are streamed as they are stored, and from where a client was") {
  Listening client(at, "/api/v1/tail/stream?console=core1&after=core1%40" +
                           std::to_string(unix_micros(backend.time.wall)));
  say("one\n");
  CHECK(client.heard("\"text\":\"one\""));
  CHECK_FALSE(client.has("\"text\":\"before\""));
}

TEST_CASE_METHOD(StreamingServer, "what a stream cannot be asked is told") {
  CHECK(get(at, "/api/v1/events?since=1h").code == 400);
  CHECK(get(at, "/api/v1/events?label=x").code == 400);
  CHECK(get(at, "/api/v1/tail/stream").code == 400);
  CHECK(get(at, "/api/v1/tail/stream?console=nope").code == 404);
  CHECK(get(at, "/api/v1/tail/stream?console=core1&after=x").code == 400);
  CHECK(get(at, "/api/v1/tail/stream?console=core1&after=other@5").code == 400);
  CHECK(request(at, "HEAD", "/api/v1/events").code == 200);
}

TEST_CASE_METHOD(StreamingServer, "so many streams are open and no more, until one is closed") {
  std::deque<Listening> clients;
  for (std::size_t i = 0; i < kMaxStreams; ++i) {
    clients.emplace_back(at, "/api/v1/events");
    REQUIRE(clients.back().heard("event: hello"));
  }
  const auto refused = get(at, "/api/v1/events");
  CHECK(refused.code == 503);
  CHECK(refused.header("Retry-After") == "5");
  CHECK(get(at, "/api/v1/consoles").code == 200);
  clients.pop_front();
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  bool taken = false;
  while (!taken && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));  // or it asks too often
    taken = Listening(at, "/api/v1/events", "Connection: close\r\n").heard("event: hello");
  }
  CHECK(taken);
}

TEST_CASE_METHOD(StreamingServer, "the end of the server ends streams at once") {
  Listening events(at, "/api/v1/events"), lines(at, "/api/v1/tail/stream?console=core1");
  REQUIRE(events.heard("event: hello"));
  REQUIRE(lines.heard("text/event-stream"));
  const auto began = std::chrono::steady_clock::now();
  server.reset();
  CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(5));
  CHECK(events.ended());
  CHECK(lines.ended());
}

}  // namespace lastgasp
