#include "exporters/webhook/webhook.h"

#include <catch2/catch.hpp>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>

#include "exporters/delivery/receivers.h"
#include "exporters/webhook/webhook_json.h"
#include "tests/unit/exporters/delivery/http_receiver.h"
#include "tests/unit/exporters/delivery/shared_clock.h"

using namespace lastgasp;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

constexpr Micros kPatience{30s};

;

Alert panic(std::int64_t incident) {
  Alert alert;
  alert.incident = incident;
  alert.labels = {{"alertname", "ConsoleCrash"},
                  {"console", "core1"},
                  {"kind", "panic"},
                  {"severity", "critical"}};
  alert.annotations = {{"summary", "core1: panic"}, {"incident_url", "http://lg/incidents/1"}};
  alert.starts = from_unix_micros(1'795'363'200'000'000);
  return alert;
}

Alert over(Alert alert) {
  alert.resolved = true;
  alert.resolved_at = alert.starts + Micros{5min};
  return alert;
}

struct Hook {
  std::mutex mutex;
  std::vector<json> posts;
  std::string head;
  std::atomic<int> status{200};
  std::map<std::int64_t, std::string> disk;
  HttpReceiver http{[this](const HttpReceiver::Request& request) {
    const std::lock_guard lock(mutex);
    posts.push_back(json::parse(request.body));
    head = request.head;
    return status.load();
  }};

  std::vector<Receiver> receiver(AlertFilter filter = {}, const std::string& path = "/x") {
    const std::string url = http.url() + path;
    return {{"noc", std::move(filter), url, [url] {
               return webhook_channel({.url = url,
                                       .headers = {{"Authorization", "Bearer t0k"}},
                                       .receiver = "noc",
                                       .external_url = "http://lg"});
             }}};
  }
  Spool spool() {
    return [this](const std::string&, std::int64_t incident, const std::string& body) {
      const std::lock_guard lock(mutex);
      if (body.empty())
        disk.erase(incident);
      else
        disk[incident] = body;
    };
  }
  std::vector<std::string> statuses() {
    const std::lock_guard lock(mutex);
    std::vector<std::string> all;
    for (const json& post : posts) all.push_back(post["status"]);
    return all;
  }
};

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("a notification has all that Alertmanager's webhooks have") {
  Alert odd = panic(7);
  odd.annotations[0].second += " \xff";
  const json firing = json::parse(webhook_json(odd, "noc", "http://lg"));
  CHECK(firing["version"] == "4");
  CHECK(firing["status"] == "firing");
  CHECK(firing["receiver"] == "noc");
  CHECK(firing["groupKey"] == "{}:{incident=\"7\"}");
  CHECK(firing["groupLabels"] == json{{"incident", "7"}});
  CHECK(firing["truncatedAlerts"] == 0);
  CHECK(firing["externalURL"] == "http://lg");
  REQUIRE(firing["alerts"].size() == 1);
  const json& alert = firing["alerts"][0];
  CHECK(alert["status"] == "firing");
  CHECK(alert["labels"] == firing["commonLabels"]);
  CHECK(alert["annotations"] == firing["commonAnnotations"]);
  CHECK(alert["labels"]["severity"] == "critical");
  CHECK(alert["annotations"]["summary"] == "core1: panic \xef\xbf\xbd");
  CHECK(alert["startsAt"] == "2026-11-22T16:00:00.000Z");
  CHECK(alert["endsAt"] == "0001-01-01T00:00:00Z");
  CHECK(alert["generatorURL"] == "http://lg/incidents/1");
  const std::string fingerprint = alert["fingerprint"];
  CHECK(fingerprint.size() == 16);

  Alert graver = over(panic(7));
  graver.labels[2].second = "oom";
  const json resolved = json::parse(webhook_json(graver, "noc", ""))["alerts"][0];
  CHECK(resolved["status"] == "resolved");
  CHECK(resolved["endsAt"] == "2026-11-22T16:05:00.000Z");
  CHECK(resolved["fingerprint"] == fingerprint);
  CHECK(json::parse(webhook_json(panic(8), "noc", ""))["alerts"][0]["fingerprint"] != fingerprint);
}

TEST_CASE("a webhook is told of the beginning and the end, once each, with the headers it wants") {
  SharedClock clock;
  Hook hook;
  Receivers receivers(hook.receiver(), clock, hook.spool());
  receivers.notify(panic(1));
  receivers.notify(panic(1));
  REQUIRE(receivers.drain(kPatience));
  clock.advance(1h);
  REQUIRE(receivers.drain(kPatience));
  CHECK(hook.disk.size() == 1);
  receivers.notify(over(panic(1)));
  REQUIRE(receivers.drain(kPatience));
  CHECK(hook.statuses() == Texts{"firing", "resolved"});
  CHECK(hook.head.find("Authorization: Bearer t0k\r\n") != std::string::npos);
  CHECK(hook.disk.empty());
}

TEST_CASE("a webhook that fails is asked again, one that refuses is not") {
  SharedClock clock;
  Hook hook;
  Receivers receivers(hook.receiver(), clock, hook.spool());
  hook.status = 503;
  receivers.notify(panic(1));
  REQUIRE(receivers.drain(kPatience));
  const auto waiting = receivers.deliveries(1);
  REQUIRE(waiting.size() == 1);
  CHECK(waiting[0].receiver == "noc");
  CHECK(waiting[0].state == "waiting");
  CHECK(waiting[0].error == "HTTP 503");
  CHECK(waiting[0].accepted == WallTime{});
  hook.status = 200;
  clock.advance(2s);
  REQUIRE(receivers.drain(kPatience));
  CHECK(hook.statuses() == Texts{"firing", "firing"});
  CHECK(receivers.deliveries(1)[0].state == "accepted");
  CHECK(receivers.deliveries(1)[0].accepted == clock.now().wall);
  CHECK(receivers.deliveries(1)[0].error.empty());

  hook.status = 400;
  receivers.notify(panic(2));
  REQUIRE(receivers.drain(kPatience));
  clock.advance(1h);
  REQUIRE(receivers.drain(kPatience));
  CHECK(hook.statuses().size() == 3);
  CHECK(receivers.deliveries(2)[0].state == "refused");
  CHECK(receivers.metrics()[0]->dropped == 1);
  CHECK(hook.disk.size() == 1);
  CHECK(receivers.deliveries(3).empty());
}

TEST_CASE("the end goes where the beginning went, whatever has become of it; nothing else does") {
  SharedClock clock;
  Hook hook;
  const AlertFilter warnings{.severities = {"warning"}, .kinds = {}, .labels = {}};
  Receivers receivers(hook.receiver(warnings), clock, hook.spool());
  receivers.notify(panic(1));
  receivers.notify(over(panic(1)));
  Alert growing = panic(2);
  growing.labels[3].second = "warning";
  receivers.notify(growing);
  REQUIRE(receivers.drain(kPatience));
  growing.labels[3].second = "critical";
  receivers.notify(growing);
  REQUIRE(receivers.drain(kPatience));
  receivers.notify(over(growing));
  REQUIRE(receivers.drain(kPatience));
  CHECK(hook.statuses() == Texts{"firing", "firing", "resolved"});
  for (const json& post : hook.posts) CHECK(post["groupKey"] == "{}:{incident=\"2\"}");
}

TEST_CASE("a restart neither repeats nor loses, and a new address takes over what waits") {
  SharedClock clock;
  Hook hook;
  {
    Receivers receivers(hook.receiver(), clock, hook.spool());
    receivers.notify(panic(1));
    REQUIRE(receivers.drain(kPatience));
    hook.status = 503;
    receivers.notify(panic(2));
    REQUIRE(receivers.drain(kPatience));
  }
  const auto disk = hook.disk;
  REQUIRE(disk.size() == 2);
  Receivers receivers(hook.receiver(), clock, hook.spool());
  for (const auto& [incident, body] : disk) receivers.restore("noc", body);
  receivers.notify(panic(1));
  REQUIRE(receivers.drain(kPatience));
  const std::size_t posts = hook.statuses().size();

  hook.status = 200;
  receivers.set(hook.receiver({}, "/other"), [] { return std::vector{panic(1)}; });
  REQUIRE(receivers.drain(kPatience));
  REQUIRE(hook.statuses().size() == posts + 1);
  CHECK(hook.posts.back()["groupLabels"]["incident"] == "2");
  CHECK(hook.head.starts_with("POST /other "));
}
