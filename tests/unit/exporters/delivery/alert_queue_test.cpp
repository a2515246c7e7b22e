#include "exporters/delivery/alert_queue.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace lastgasp;
using namespace std::chrono_literals;

namespace {

// Its notifications are JSON, sent to nobody.
struct SilentChannel final : Channel {
  DeliveryPolicy rules{.batch_alerts = 500,
                       .repeats = true,
                       .resend = 1min,
                       .ends_after = 4min,
                       .minimum_hold = 15min};

  const DeliveryPolicy& policy() const override { return rules; }
  std::string body(const Alert& alert, WallTime ends) const override {
    nlohmann::json labels, notes;
    for (const auto& [name, value] : alert.labels) labels[name] = value;
    for (const auto& [name, value] : alert.annotations) notes[name] = value;
    return nlohmann::json{{"labels", labels},
                          {"annotations", notes},
                          {"endsAt", format_utc(alert.resolved ? alert.resolved_at : ends)}}
        .dump();
  }
  Reply deliver(const std::vector<Notification>&, const std::atomic<bool>&) override { return {}; }
};

struct Rig {
  SilentChannel channel;
  ReceiverMetrics metrics;
  std::vector<std::int64_t> forgotten;
  AlertQueue queue{channel, metrics, [this](std::int64_t id) { forgotten.push_back(id); }};
  Instant now{from_unix_micros(1'795'363'200'000'000), MonoTime{1h}};

  Alert alert(std::int64_t incident, const std::string& kind = "panic") const {
    Alert made;
    made.incident = incident;
    made.labels = {
        {"alertname", "ConsoleCrash"}, {"console", "r" + std::to_string(incident)}, {"kind", kind}};
    made.starts = now.wall;
    return made;
  }
  Alert resolved(Alert made) const {
    made.resolved = true;
    made.resolved_at = now.wall;
    return made;
  }
  // One request that the receiver takes; what was in it.
  std::vector<AlertQueue::Item> deliver() {
    auto items = queue.take(now);
    queue.accepted(items, now);
    return items;
  }
};

std::string field(const AlertQueue::Item& item, const std::string& name) {
  return nlohmann::json::parse(item.body).at(name).get<std::string>();
}

std::string kind_of(const AlertQueue::Item& item) {
  return nlohmann::json::parse(item.body).at("labels").at("kind").get<std::string>();
}

}  // namespace

TEST_CASE("a firing alert is sent at once and again every minute, ending 4 minutes ahead") {
  Rig rig;
  rig.queue.put(rig.alert(1), rig.now);
  CHECK(rig.metrics.queue_length == 1);
  auto items = rig.deliver();
  REQUIRE(items.size() == 1);
  CHECK(field(items[0], "endsAt") == format_utc(rig.now.wall + 4min));
  CHECK(rig.metrics.queue_length == 0);
  CHECK(rig.metrics.notifications == 1);

  rig.now = rig.now + 59s;
  CHECK(rig.deliver().empty());
  CHECK(rig.queue.until_due(rig.now) == 1s);
  rig.now = rig.now + 1s;
  items = rig.deliver();
  REQUIRE(items.size() == 1);
  CHECK(field(items[0], "endsAt") == format_utc(rig.now.wall + 4min));
}

TEST_CASE("a resolution waits until 15 minutes after the start and fires until then") {
  Rig rig;
  const Alert alert = rig.alert(1);
  rig.queue.put(alert, rig.now);
  rig.deliver();
  rig.now = rig.now + 1s;
  const Alert over = rig.resolved(alert);
  rig.queue.put(over, rig.now);
  for (int minute = 0; minute < 15; ++minute) {
    for (const auto& item : rig.deliver()) {
      CHECK_FALSE(item.resolution);
      CHECK(field(item, "endsAt") == format_utc(rig.now.wall + 4min));
    }
    rig.now = rig.now + (minute == 14 ? 59s : 60s);
  }
  const auto items = rig.deliver();
  REQUIRE(items.size() == 1);
  CHECK(items[0].resolution);
  CHECK(field(items[0], "endsAt") == format_utc(over.resolved_at));
  CHECK(rig.forgotten == std::vector<std::int64_t>{1});
  rig.now = rig.now + 1h;
  CHECK(rig.deliver().empty());
}

TEST_CASE("a resolution after the hold is sent at once") {
  Rig rig;
  const Alert alert = rig.alert(1);
  rig.queue.put(alert, rig.now);
  rig.deliver();
  rig.now = rig.now + 20min;
  rig.queue.put(rig.resolved(alert), rig.now);
  const auto items = rig.deliver();
  REQUIRE(items.size() == 1);
  CHECK(items[0].resolution);
}

TEST_CASE("what ended before the receiver heard of it fires first, long enough to be notified") {
  Rig rig;
  const Alert alert = rig.alert(1);
  rig.queue.put(alert, rig.now);
  rig.now = rig.now + 2h;  // the receiver was dead all the time
  rig.queue.put(rig.resolved(alert), rig.now);
  auto items = rig.deliver();
  REQUIRE(items.size() == 1);
  CHECK_FALSE(items[0].resolution);
  rig.now = rig.now + 3min;
  items = rig.deliver();
  REQUIRE(items.size() == 1);
  CHECK_FALSE(items[0].resolution);
  rig.now = rig.now + 1min;
  items = rig.deliver();
  REQUIRE(items.size() == 1);
  CHECK(items[0].resolution);
}

TEST_CASE("what ended before the receiver heard of it is no news when another instance told it") {
  Rig rig;
  const Alert alert = rig.alert(1);
  rig.queue.put(alert, rig.now);
  rig.queue.take(rig.now);  // not accepted
  rig.queue.known_elsewhere({1});
  rig.now = rig.now + 2h;
  REQUIRE(rig.queue.take(rig.now).size() == 1);  // still firing: it is news
  rig.queue.put(rig.resolved(alert), rig.now);
  CHECK(rig.queue.take(rig.now).empty());
  CHECK(rig.forgotten == std::vector<std::int64_t>{1});
  CHECK(rig.metrics.dropped == 0);
}

TEST_CASE("kernel_warning becomes panic: the old labels are resolved and the new ones fire") {
  Rig rig;
  rig.queue.put(rig.alert(1, "kernel_warning"), rig.now);
  rig.deliver();
  rig.now = rig.now + 2s;
  rig.queue.put(rig.alert(1, "panic"), rig.now);
  auto items = rig.deliver();
  REQUIRE(items.size() == 2);
  for (const auto& item : items) CHECK(item.resolution == (kind_of(item) == "kernel_warning"));
  CHECK(rig.forgotten.empty());  // the incident itself is still kept
  rig.now = rig.now + 1min;
  items = rig.deliver();
  REQUIRE(items.size() == 1);
  CHECK(kind_of(items[0]) == "panic");
}

TEST_CASE("labels that change before anything was sent leave nothing behind") {
  Rig rig;
  rig.queue.put(rig.alert(1, "kernel_warning"), rig.now);
  rig.queue.put(rig.alert(1, "panic"), rig.now);
  const auto items = rig.deliver();
  REQUIRE(items.size() == 1);
  CHECK(kind_of(items[0]) == "panic");
  CHECK(rig.metrics.queue_length == 0);
}

TEST_CASE("labels that change back fire again") {
  Rig rig;
  rig.queue.put(rig.alert(1, "panic"), rig.now);
  rig.deliver();
  rig.queue.put(rig.alert(1, "hang"), rig.now);
  rig.queue.put(rig.alert(1, "panic"), rig.now);
  const auto items = rig.deliver();
  REQUIRE(items.size() == 1);
  CHECK(kind_of(items[0]) == "panic");
  CHECK_FALSE(items[0].resolution);
}

TEST_CASE("a change while a request is under way is sent after it") {
  Rig rig;
  const Alert alert = rig.alert(1);
  rig.queue.put(alert, rig.now);
  const auto first = rig.queue.take(rig.now);
  Alert grown = alert;
  grown.annotations = {{"summary", "grown"}};
  rig.queue.put(grown, rig.now);
  rig.queue.accepted(first, rig.now);
  CHECK(rig.metrics.queue_length == 1);
  CHECK(rig.deliver().size() == 1);
  CHECK(rig.metrics.queue_length == 0);
}

TEST_CASE("an incident that comes back within its hold goes on firing") {
  Rig rig;
  const Alert alert = rig.alert(1);
  rig.queue.put(alert, rig.now);
  rig.deliver();
  rig.queue.put(rig.resolved(alert), rig.now);
  rig.queue.put(alert, rig.now);
  rig.now = rig.now + 1h;
  const auto items = rig.deliver();
  REQUIRE(items.size() == 1);
  CHECK_FALSE(items[0].resolution);
}

TEST_CASE("a full queue drops the oldest and counts it") {
  Rig rig;
  rig.channel.rules.queue_capacity = 3;
  for (int i = 1; i <= 5; ++i) rig.queue.put(rig.alert(i), rig.now);
  CHECK(rig.metrics.dropped == 2);
  CHECK(rig.metrics.queue_length == 3);
  CHECK(rig.forgotten == std::vector<std::int64_t>{1, 2});
  CHECK(rig.deliver().size() == 3);
}

TEST_CASE("requests are limited to 500 alerts and a megabyte") {
  Rig rig;
  for (int i = 1; i <= 501; ++i) rig.queue.put(rig.alert(i), rig.now);
  CHECK(rig.deliver().size() == 500);
  CHECK(rig.deliver().size() == 1);

  Rig large;
  for (int i = 1; i <= 4; ++i) {
    Alert alert = large.alert(i);
    alert.annotations = {{"excerpt", std::string(400'000, 'x')}};
    large.queue.put(alert, large.now);
  }
  CHECK(large.deliver().size() == 2);
  CHECK(large.deliver().size() == 2);
}

TEST_CASE("a refused alert is forgotten and counted; one that changed since is tried again") {
  Rig rig;
  rig.queue.put(rig.alert(1), rig.now);
  rig.queue.put(rig.alert(2), rig.now);
  const auto items = rig.queue.take(rig.now);
  rig.queue.put(rig.alert(2), rig.now);
  for (const auto& item : items) rig.queue.refused(item);
  CHECK(rig.metrics.dropped == 2);
  CHECK(rig.forgotten == std::vector<std::int64_t>{1});
  CHECK(rig.deliver().size() == 1);
}

TEST_CASE("a stepped wall clock neither shortens nor prolongs the hold beyond its length") {
  Rig rig;
  Alert alert = rig.alert(1);
  alert.starts = rig.now.wall + 24h;  // the wall clock went back a day since
  rig.queue.put(alert, rig.now);
  rig.deliver();
  rig.queue.put(rig.resolved(alert), rig.now);
  rig.now = rig.now + 15min;
  const auto items = rig.deliver();
  REQUIRE(items.size() == 1);
  CHECK(items[0].resolution);
}

TEST_CASE("the end of one crash is not told while another fires under the same labels") {
  Rig rig;
  const Alert first = rig.alert(1);
  Alert second = first;
  second.incident = 2;
  rig.queue.put(first, rig.now);
  rig.queue.put(second, rig.now);
  REQUIRE(rig.deliver().size() == 2);
  rig.now = rig.now + 20min;
  rig.queue.put(rig.resolved(first), rig.now);
  for (const auto& item : rig.deliver()) CHECK_FALSE(item.resolution);
  CHECK(rig.forgotten == std::vector<std::int64_t>{1});
  rig.queue.put(rig.resolved(second), rig.now);
  const auto items = rig.deliver();
  REQUIRE(items.size() == 1);
  CHECK(items[0].resolution);
}

TEST_CASE("an end that is yet to be told after its beginning survives a restart") {
  Rig rig, next;
  rig.channel.rules = next.channel.rules = {};
  rig.queue.put(rig.alert(1), rig.now);
  rig.queue.put(rig.resolved(rig.alert(1)), rig.now);
  auto items = rig.deliver();
  REQUIRE(items.size() == 1);
  CHECK_FALSE(items[0].resolution);
  CHECK(rig.metrics.queue_length == 1);

  next.queue.restore(*rig.queue.state(1), next.now);
  items = next.deliver();
  REQUIRE(items.size() == 1);
  CHECK(items[0].resolution);
  CHECK(next.metrics.queue_length == 0);
  CHECK(next.forgotten == std::vector<std::int64_t>{1});
}

TEST_CASE("what fails lets the others go first, and comes again after them") {
  Rig rig;
  rig.channel.rules = {};  // one at a time
  for (int i = 1; i <= 3; ++i) rig.queue.put(rig.alert(i), rig.now);
  std::vector<std::int64_t> order;
  for (int i = 0; i < 4; ++i) {
    const auto items = rig.queue.take(rig.now);
    REQUIRE(items.size() == 1);
    order.push_back(items[0].key.first);
    rig.queue.failed(items);
  }
  CHECK(order == std::vector<std::int64_t>{1, 2, 3, 1});
  rig.queue.put(rig.alert(4), rig.now);
  CHECK(rig.deliver().at(0).key.first == 4);
  CHECK(rig.deliver().at(0).key.first == 2);
}

TEST_CASE("who does not know alerts by their labels is told once of each piece of news") {
  Rig rig;
  rig.channel.rules = {};
  Alert alert = rig.alert(1, "kernel_warning");
  rig.queue.put(alert, rig.now);
  CHECK(rig.deliver().size() == 1);
  rig.now = rig.now + 1h;
  CHECK(rig.deliver().empty());
  alert.annotations = {{"excerpt", "more of the dump"}};
  rig.queue.put(alert, rig.now);
  CHECK(rig.deliver().empty());
  alert.annotations = {{"summary", "r1: panic"}};
  rig.queue.put(alert, rig.now);
  CHECK(rig.deliver().size() == 1);
  set_acknowledged(alert, "ann");
  rig.queue.put(alert, rig.now);
  CHECK(rig.deliver().size() == 1);
  alert.labels = rig.alert(1, "panic").labels;  // no end of the old labels, only the new ones
  rig.queue.put(alert, rig.now);
  const auto grown = rig.deliver();
  REQUIRE(grown.size() == 1);
  CHECK_FALSE(grown[0].resolution);
  rig.queue.put(rig.resolved(alert), rig.now);
  const auto over = rig.deliver();
  REQUIRE(over.size() == 1);
  CHECK(over[0].resolution);
  CHECK(rig.forgotten == std::vector<std::int64_t>{1});
}

TEST_CASE("what began and ended before it could be told is told as both") {
  Rig rig;
  rig.channel.rules = {};
  rig.queue.put(rig.alert(1), rig.now);
  rig.queue.put(rig.resolved(rig.alert(1)), rig.now);
  auto items = rig.deliver();
  REQUIRE(items.size() == 1);
  CHECK_FALSE(items[0].resolution);
  items = rig.deliver();
  REQUIRE(items.size() == 1);
  CHECK(items[0].resolution);
  CHECK(rig.deliver().empty());
}

TEST_CASE("after a restart nothing is told twice and nothing is left out") {
  Rig before, after;
  before.channel.rules = after.channel.rules = {};
  const Alert told = before.alert(1), waiting = before.alert(2);
  before.queue.put(told, before.now);
  before.deliver();
  before.queue.put(waiting, before.now);
  for (const std::int64_t incident : {1, 2})
    after.queue.restore(*before.queue.state(incident), after.now);
  CHECK(after.metrics.queue_length == 1);
  after.queue.put(told, after.now);  // as it is resumed
  const auto items = after.deliver();
  REQUIRE(items.size() == 1);
  CHECK(items[0].alert.incident == 2);
  after.queue.put(after.resolved(told), after.now);
  const auto over = after.deliver();
  REQUIRE(over.size() == 1);
  CHECK(over[0].resolution);
}
