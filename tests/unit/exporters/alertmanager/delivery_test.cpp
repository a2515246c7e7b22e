#include "exporters/delivery/receivers.h"

#include <catch2/catch.hpp>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>

#include "collector/core/error.h"
#include "exporters/alertmanager/alertmanager.h"
#include "exporters/delivery/http_post.h"
#include "tests/unit/exporters/delivery/http_receiver.h"
#include "tests/unit/exporters/delivery/shared_clock.h"

using namespace lastgasp;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

constexpr Micros kPatience{30s};

;

// An Alertmanager that keeps what it is sent and refuses what it is told to refuse.
class FakeAlertmanager {
 public:
  std::string url() const { return receiver_.url(); }
  int port() const { return receiver_.port(); }
  void answer_with(int status) { status_ = status; }

  std::vector<json> posts() const {
    const std::lock_guard lock(mutex_);
    return posts_;
  }
  std::string head() const {
    const std::lock_guard lock(mutex_);
    return head_;
  }
  // The alerts of all accepted posts: console → how often.
  std::map<std::string, int> taken() const {
    const std::lock_guard lock(mutex_);
    return taken_;
  }

 private:
  int answer(const HttpReceiver::Request& request) {
    const std::lock_guard lock(mutex_);
    head_ = request.head;
    posts_.push_back(json::parse(request.body));
    if (status_ != 200) return status_;
    for (const json& alert : posts_.back())
      if (alert["labels"].contains("bad-name")) return 400;
    for (const json& alert : posts_.back()) ++taken_[alert["labels"]["console"]];
    return 200;
  }

  std::atomic<int> status_{200};
  mutable std::mutex mutex_;
  std::vector<json> posts_;
  std::string head_;
  std::map<std::string, int> taken_;
  HttpReceiver receiver_{[this](const HttpReceiver::Request& request) { return answer(request); }};
};

struct Disk {  // what the spool holds: (receiver, incident) → body
  std::mutex mutex;
  std::map<std::pair<std::string, std::int64_t>, std::string> bodies;

  Spool spool() {
    return [this](const std::string& receiver, std::int64_t incident, const std::string& body) {
      const std::lock_guard lock(mutex);
      if (body.empty())
        bodies.erase({receiver, incident});
      else
        bodies[{receiver, incident}] = body;
    };
  }
  std::size_t size() {
    const std::lock_guard lock(mutex);
    return bodies.size();
  }
};

Alert alert(std::int64_t incident, const Clock& clock) {
  Alert made;
  made.incident = incident;
  made.labels = {{"alertname", "ConsoleCrash"}, {"console", "r" + std::to_string(incident)}};
  made.annotations = {{"summary", "r: panic"}};
  made.starts = clock.now().wall;
  return made;
}

std::vector<Receiver> to(const std::vector<std::string>& urls) {
  std::vector<Receiver> receivers;
  for (const std::string& url : urls)
    receivers.push_back(
        {name_of_url(url), {}, url, [url] { return alertmanager_channel(url, Micros{10s}); }});
  return receivers;
}

// A port on which nobody listens.
int dead_port() {
  return HttpReceiver([](const HttpReceiver::Request&) { return 200; }).port();
}

}  // namespace

TEST_CASE("an incident reaches every instance as JSON, again every minute, and its end") {
  SharedClock clock;
  FakeAlertmanager one, two;
  Disk disk;
  Receivers client(to({one.url() + "/", two.url() + "/prefix"}), clock, disk.spool());
  Alert crash = alert(1, clock);
  client.notify(crash);
  REQUIRE(client.drain(kPatience));
  CHECK(one.taken() == std::map<std::string, int>{{"r1", 1}});
  CHECK(two.taken() == one.taken());
  CHECK(one.head().starts_with("POST /api/v2/alerts HTTP/1.1\r\n"));
  CHECK(two.head().starts_with("POST /prefix/api/v2/alerts HTTP/1.1\r\n"));
  CHECK(one.head().find("Content-Type: application/json") != std::string::npos);
  CHECK(disk.size() == 2);

  clock.advance(1min);
  REQUIRE(client.drain(kPatience));
  CHECK(one.taken()["r1"] == 2);

  clock.advance(20min);
  crash.resolved = true;
  crash.resolved_at = clock.now().wall;
  client.notify(crash);
  REQUIRE(client.drain(kPatience));
  CHECK(one.posts().back()[0]["endsAt"] == format_utc(crash.resolved_at));
  CHECK(disk.size() == 0);
  const std::size_t posts = one.posts().size();
  clock.advance(1h);
  REQUIRE(client.drain(kPatience));
  CHECK(one.posts().size() == posts);
}

TEST_CASE("a dead instance delays nobody and gets everything when it comes up") {
  SharedClock clock;
  FakeAlertmanager alive, sick;
  sick.answer_with(503);
  Disk disk;
  Receivers client(to({sick.url(), alive.url()}), clock, disk.spool());
  client.notify(alert(1, clock));
  client.notify(alert(2, clock));
  REQUIRE(client.drain(kPatience));
  CHECK(alive.taken().size() == 2);
  CHECK(client.metrics()[0]->queue_length == 2);
  CHECK(client.metrics()[0]->failures >= 1);
  CHECK(client.metrics()[1]->failures == 0);

  sick.answer_with(200);
  clock.advance(30s);
  REQUIRE(client.drain(kPatience));
  CHECK(sick.taken().size() == 2);
  CHECK(client.metrics()[0]->queue_length == 0);
  CHECK(client.metrics()[0]->dropped == 0);
}

TEST_CASE("the back-off doubles up to 30 seconds") {
  SharedClock clock;
  FakeAlertmanager sick;
  sick.answer_with(500);
  Receivers client(to({sick.url()}), clock, {});
  client.notify(alert(1, clock));
  REQUIRE(client.drain(kPatience));
  std::size_t tries = 1;
  for (const auto pause : {1s, 2s, 4s, 8s, 16s, 30s, 30s, 30s}) {
    clock.advance(Micros(pause) - 1ms);
    REQUIRE(client.drain(kPatience));
    CHECK(sick.posts().size() == tries);
    clock.advance(1ms);
    REQUIRE(client.drain(kPatience));
    CHECK(sick.posts().size() == ++tries);
  }
}

TEST_CASE("one bad alert does not take the good ones of its batch with it") {
  SharedClock clock;
  FakeAlertmanager manager;
  Disk disk;
  manager.answer_with(503);
  Receivers client(to({manager.url()}), clock, disk.spool());
  for (int i = 1; i <= 100; ++i) {
    Alert one = alert(i, clock);
    if (i == 37) one.labels.emplace_back("bad-name", "x");
    client.notify(one);
  }
  REQUIRE(client.drain(kPatience));
  manager.answer_with(200);
  clock.advance(1min);
  REQUIRE(client.drain(kPatience));
  const auto taken = manager.taken();
  CHECK(taken.size() == 99);
  CHECK_FALSE(taken.count("r37"));
  const auto metrics = client.metrics()[0];
  CHECK(metrics->dropped == 1);
  CHECK(metrics->notifications == 99);
  CHECK(metrics->queue_length == 0);
  CHECK(disk.size() == 99);
  for (const json& post : manager.posts()) CHECK(post.size() <= 100);
}

TEST_CASE("wrong credentials or a wrong path lose no alert") {
  const int status = GENERATE(401, 403, 404, 429);
  SharedClock clock;
  FakeAlertmanager manager;
  manager.answer_with(status);
  Receivers client(to({manager.url()}), clock, {});
  client.notify(alert(1, clock));
  client.notify(alert(2, clock));
  REQUIRE(client.drain(kPatience));
  manager.answer_with(200);
  clock.advance(1min);
  REQUIRE(client.drain(kPatience));
  CHECK(manager.taken().size() == 2);
  CHECK(client.metrics()[0]->dropped == 0);
}

TEST_CASE("what an instance has not accepted survives a restart") {
  SharedClock clock;
  Disk disk;
  const int port = dead_port();
  const std::string url = "http://127.0.0.1:" + std::to_string(port);
  {
    Receivers client(to({url}), clock, disk.spool());
    client.notify(alert(1, clock));
    client.notify(alert(2, clock));
    REQUIRE(client.drain(kPatience));
  }
  REQUIRE(disk.size() == 2);
  const auto bodies = disk.bodies;

  FakeAlertmanager manager;
  Receivers client(to({manager.url()}), clock, disk.spool());
  for (const auto& entry : bodies) client.restore(manager.url(), entry.second);
  client.restore(manager.url(), "damaged");
  REQUIRE(client.drain(kPatience));
  CHECK(manager.taken().size() == 2);

  client.restore(url, bodies.begin()->second);  // an instance that is configured no more
  CHECK(disk.size() == 1);
}

TEST_CASE("an instance is named without its credentials; one named twice is one") {
  SharedClock clock;
  const Receivers client(to({"http://user:p%40ss@am1:9093/x/", "http://am1:9093/x"}), clock, {});
  REQUIRE(client.metrics().size() == 1);
  CHECK(client.metrics()[0]->receiver == "http://am1:9093/x");
  CHECK(client.metrics()[0]->queue_capacity == 10'000);
}

TEST_CASE("credentials of the URL are sent") {
  SharedClock clock;
  FakeAlertmanager manager;
  Receivers client(to({"http://user:pass@127.0.0.1:" + std::to_string(manager.port())}), clock, {});
  client.notify(alert(1, clock));
  REQUIRE(client.drain(kPatience));
  CHECK(manager.head().find("Authorization: Basic dXNlcjpwYXNz") != std::string::npos);
}

TEST_CASE("a URL that is none is an error that says what to write") {
  SharedClock clock;
  for (const char* url : {"am1:9093", "ftp://am1", "file:///etc/passwd", ""})
    CHECK_THROWS_AS(Receivers(to({url}), clock, {}), Error);
}

TEST_CASE("the client ends at once though an instance accepts and never answers") {
  SharedClock clock;
  std::atomic<bool> release{false}, asked{false};
  HttpReceiver hanging([&](const HttpReceiver::Request&) {
    asked = true;
    asked.notify_all();
    release.wait(false);
    return 200;
  });
  Disk disk;
  const SystemClock real;
  MonoTime began{};
  {
    Receivers client(to({hanging.url()}), clock, disk.spool());
    client.notify(alert(1, clock));
    asked.wait(false);
    CHECK_FALSE(client.drain(Micros{1ms}));
    began = real.now().mono;
  }
  CHECK(real.now().mono - began < 5s);
  CHECK(disk.size() == 1);
  release = true;
  release.notify_all();
}

TEST_CASE("notify from many threads at once") {
  SharedClock clock;
  FakeAlertmanager one, two;
  Receivers client(to({one.url(), two.url()}), clock, {});
  std::vector<std::thread> shards;
  for (int shard = 0; shard < 4; ++shard)
    shards.emplace_back([&, shard] {
      for (int i = 0; i < 50; ++i) client.notify(alert(shard * 50 + i + 1, clock));
    });
  for (auto& shard : shards) shard.join();
  REQUIRE(client.drain(kPatience));
  CHECK(one.taken().size() == 200);
  CHECK(two.taken().size() == 200);
}
