#include "rules/incident/silence.h"

#include <catch2/catch.hpp>

using namespace lastgasp;
using namespace std::chrono_literals;

namespace {

struct World {
  Instant now{from_unix_micros(1'800'000'000'000'000), MonoTime{1h}};
  std::vector<ConsoleActivity> consoles;
  SilenceWatch watch;
  std::vector<Incident> told;

  explicit World(int count, std::string_view group = "") {
    static constexpr std::string_view kNames[] = {"a", "b", "c", "d", "e", "f"};
    for (int i = 0; i < count; ++i) {
      consoles.push_back({kNames[i], group, true, now.mono, 10min});
    }
  }
  void check(Micros later) {
    now = now + later;
    watch.check(consoles, now, [&](Incident& incident) {
      if (incident.id == 0) {
        incident.id = static_cast<std::int64_t>(told.size()) + 1;
      }
      told.push_back(incident);
    });
  }
};

}  // namespace

TEST_CASE("a console that falls silent is an incident until it speaks") {
  World w(2);
  w.check(10min);
  CHECK(w.told.empty());
  w.consoles[1].last_received = w.now.mono;
  w.check(1s);
  REQUIRE(w.told.size() == 1);
  CHECK(w.told[0].console == "a");
  CHECK(w.told[0].kind == Kind::silence);
  w.check(1min);
  CHECK(w.told.size() == 1);
  w.consoles[0].last_received = w.now.mono;
  w.check(1s);
  REQUIRE(w.told.size() == 2);
  CHECK(w.told[1].state == IncidentState::resolved);
  CHECK(w.told[1].id == w.told[0].id);
  CHECK(w.watch.open_incidents().empty());
}

TEST_CASE("silent_server_is_one_incident") {
  World w(4, "ts1");
  w.consoles[3].last_received += 5min;
  w.check(11min);
  REQUIRE(w.told.size() == 1);
  CHECK(w.told[0].console == "ts1");
  CHECK(w.told[0].consoles == std::vector<std::string>{"a", "b", "c"});
  CHECK(w.told[0].title == "3 consoles of ts1 fell silent");
  w.check(10min);  // the last one joins
  REQUIRE(w.told.size() == 2);
  CHECK(w.told[1].consoles.size() == 4);
  for (ConsoleActivity& c : w.consoles) {
    c.last_received = w.now.mono;
  }
  w.check(1s);
  REQUIRE(w.told.size() == 3);
  CHECK(w.told[2].state == IncidentState::resolved);
}

TEST_CASE("two of six silent consoles are not the server's fault") {
  World w(6, "ts1");
  for (std::size_t i = 2; i < 6; ++i) {
    w.consoles[i].last_received += 5min;
  }
  w.check(11min);
  CHECK(w.told.size() == 2);
  w.check(5min);  // now all are
  CHECK(w.watch.open_incidents().size() == 1);
  CHECK(w.watch.open_incidents()[0].console == "ts1");
}

TEST_CASE("a link that is down and a console without a limit are not silent") {
  World w(2);
  w.consoles[0].up = false;
  w.consoles[1].allowed = Micros{0};
  w.check(24h);
  CHECK(w.told.empty());
}

TEST_CASE("open silences survive a restart") {
  World w(1);
  w.check(11min);
  World again(1);
  again.watch.restore(w.watch.open_incidents());
  again.check(11min);
  CHECK(again.told.empty());  // still the same
  again.consoles.clear();
  again.check(1s);
  REQUIRE(again.told.size() == 1);
  CHECK(again.told[0].resolution == "no longer watched");
}
