// The real client against the real Alertmanager.
#include <catch2/catch.hpp>
#include <condition_variable>
#include <mutex>
#include <nlohmann/json.hpp>

#include "exporters/alertmanager/alertmanager.h"
#include "exporters/delivery/http_post.h"
#include "exporters/delivery/receivers.h"
#include "tests/integration/alertmanager/alertmanager_process.h"
#include "tests/unit/exporters/delivery/http_receiver.h"

using namespace lastgasp;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

constexpr Micros kPatience{30s};

// Runs ahead of real time by what the test advanced it: Alertmanager's own clock is real.
class AheadClock final : public Clock {
 public:
  Instant now() const override { return real_.now() + Micros{ahead_us_.load()}; }
  void advance(Micros d) { ahead_us_ += d.count(); }

 private:
  SystemClock real_;
  std::atomic<std::int64_t> ahead_us_{0};
};

// What Alertmanager notifies people of.
class Webhook {
 public:
  std::string url() const { return receiver_.url(); }

  // Waits until an alert of the console was notified with the status; null when it never was.
  json notified(const std::string& console, const std::string& status) {
    std::unique_lock lock(mutex_);
    json found;
    changed_.wait_for(lock, kPatience, [&] {
      for (const json& alert : alerts_)
        if (alert["labels"]["console"] == console && alert["status"] == status) found = alert;
      return !found.is_null();
    });
    return found;
  }

 private:
  int take(const HttpReceiver::Request& request) {
    const std::lock_guard lock(mutex_);
    const json body = json::parse(request.body);
    for (const json& alert : body["alerts"]) alerts_.push_back(alert);
    changed_.notify_all();
    return 200;
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<json> alerts_;
  HttpReceiver receiver_{[this](const HttpReceiver::Request& request) { return take(request); }};
};

Incident incident(std::int64_t id, WallTime opened) {
  Incident made;
  made.id = id;
  made.console = "core" + std::to_string(id);
  made.kind = Kind::panic;
  made.severity = Severity::critical;
  made.platform = "linux";
  made.title = "Kernel panic: Fatal exception in interrupt";
  made.fingerprint = "0011223344556677";
  made.state = IncidentState::open;
  made.opened = opened;
  made.dump = {"Oops: 0002 [#1] SMP", "\x1b[31mCPU: 0 PID: 0\xff", "---[ end Kernel panic ]---"};
  return made;
}

Alert alert(const Incident& of) {
  return make_alert(of, {{"site", "ams"}}, "https://lastgasp.example");
}

std::string url(int port) { return "http://127.0.0.1:" + std::to_string(port); }

// The alerts an Alertmanager holds, by console.
std::map<std::string, json> alerts_of(const AlertmanagerProcess& manager) {
  std::map<std::string, json> result;
  for (const json& one : json::parse(manager.get("/api/v2/alerts")))
    result[one["labels"]["console"]] = one;
  return result;
}

std::vector<Receiver> to(const std::vector<std::string>& urls) {
  std::vector<Receiver> receivers;
  for (const std::string& url : urls)
    receivers.push_back(
        {name_of_url(url), {}, url, [url] { return alertmanager_channel(url, Micros{10s}); }});
  return receivers;
}

}  // namespace

TEST_CASE("a crash reaches the instance that lives, and the dead one when it comes up") {
  Webhook hook;
  const int live_port = AlertmanagerProcess::free_port();
  AlertmanagerProcess live(live_port, hook.url());
  const int dead_port = AlertmanagerProcess::free_port();

  AheadClock clock;
  Receivers client(to({url(dead_port), url(live_port)}), clock, {});
  client.notify(alert(incident(1, clock.now().wall)));
  REQUIRE(client.drain(kPatience));

  json held = alerts_of(live)["core1"];
  CHECK(held["labels"]["alertname"] == "ConsoleCrash");
  CHECK(held["labels"]["kind"] == "panic");
  CHECK(held["labels"]["severity"] == "critical");
  CHECK(held["labels"]["site"] == "ams");
  CHECK(held["annotations"]["summary"] == "core1: Kernel panic: Fatal exception in interrupt");
  CHECK(held["annotations"]["excerpt"] ==
        "Oops: 0002 [#1] SMP\n\xef\xbf\xbd[31mCPU: 0 PID: 0\xc3\xbf\n---[ end Kernel panic ]---");
  CHECK(held["annotations"]["incident_url"] == "https://lastgasp.example/incidents/1");
  CHECK(held["generatorURL"] == "https://lastgasp.example/incidents/1");
  CHECK(client.metrics()[0]->queue_length == 1);

  const AlertmanagerProcess late(dead_port, hook.url());
  clock.advance(30s);
  REQUIRE(client.drain(kPatience));
  CHECK(alerts_of(late)["core1"]["annotations"] == held["annotations"]);
  CHECK(client.metrics()[0]->queue_length == 0);
}

TEST_CASE("people are told of the crash and of its end") {
  Webhook hook;
  const int port = AlertmanagerProcess::free_port();
  const AlertmanagerProcess manager(port, hook.url());
  AheadClock clock;
  Receivers client(to({url(port)}), clock, {});

  Incident crash = incident(1, clock.now().wall);
  client.notify(alert(crash));
  const json firing = hook.notified("core1", "firing");
  REQUIRE_FALSE(firing.is_null());
  CHECK(firing["annotations"]["fingerprint"] == "0011223344556677");

  crash.state = IncidentState::resolved;
  crash.resolved = clock.now().wall;
  crash.resolution = "recovered: up after 74s";
  client.notify(alert(crash));
  REQUIRE(client.drain(kPatience));
  CHECK(alerts_of(manager).count("core1"));  // held: it ended too soon after its start

  clock.advance(15min);
  REQUIRE(client.drain(kPatience));
  const json over = hook.notified("core1", "resolved");
  REQUIRE_FALSE(over.is_null());
  CHECK_FALSE(alerts_of(manager).count("core1"));
}

TEST_CASE("an alert that Alertmanager refuses costs none of the others") {
  Webhook hook;
  const int port = AlertmanagerProcess::free_port();
  AheadClock clock;
  Receivers client(to({url(port)}), clock, {});
  for (std::int64_t id = 1; id <= 20; ++id) {
    Alert one = alert(incident(id, clock.now().wall));
    if (id == 7) one.labels.emplace_back("bad-name", "x");
    client.notify(one);
  }
  REQUIRE(client.drain(kPatience));  // nobody listens: they wait, and go in one request

  const AlertmanagerProcess manager(port, hook.url());
  clock.advance(30s);
  REQUIRE(client.drain(kPatience));
  const auto held = alerts_of(manager);
  CHECK(held.size() == 19);
  CHECK_FALSE(held.count("core7"));
  CHECK(client.metrics()[0]->dropped == 1);
  CHECK(client.metrics()[0]->queue_length == 0);
}

TEST_CASE("an incident that grows graver is one alert, with its new labels") {
  Webhook hook;
  const int port = AlertmanagerProcess::free_port();
  const AlertmanagerProcess manager(port, hook.url());
  AheadClock clock;
  Receivers client(to({url(port)}), clock, {});
  Incident warning = incident(1, clock.now().wall);
  warning.kind = Kind::kernel_warning;
  warning.severity = Severity::warning;
  client.notify(alert(warning));
  REQUIRE(client.drain(kPatience));
  client.notify(alert(incident(1, warning.opened)));
  REQUIRE(client.drain(kPatience));
  const json all = json::parse(manager.get("/api/v2/alerts"));
  REQUIRE(all.size() == 1);
  CHECK(all[0]["labels"]["kind"] == "panic");
}

TEST_CASE("an instance that joins later is told what is firing, one that leaves is left alone") {
  Webhook hook;
  const int old_port = AlertmanagerProcess::free_port();
  const AlertmanagerProcess old(old_port, hook.url());
  AheadClock clock;
  Receivers client(to({url(old_port)}), clock, {});
  const Alert firing = alert(incident(1, clock.now().wall));
  client.notify(firing);
  REQUIRE(client.drain(kPatience));

  const int new_port = AlertmanagerProcess::free_port();
  const AlertmanagerProcess joined(new_port, hook.url());
  client.set(to({url(old_port), url(new_port)}), [&] { return std::vector{firing}; });
  REQUIRE(client.drain(kPatience));
  CHECK(alerts_of(joined).count("core1"));

  client.set(to({url(new_port)}), [&] { return std::vector{firing}; });
  client.notify(alert(incident(2, clock.now().wall)));
  REQUIRE(client.drain(kPatience));
  CHECK(alerts_of(joined).count("core2"));
  CHECK_FALSE(alerts_of(old).count("core2"));
  CHECK(client.metrics().size() == 1);
}
