#include "rules/incident/outage.h"

#include <catch2/catch.hpp>
#include <deque>
#include <set>

using namespace lastgasp;
using namespace std::chrono_literals;

namespace {

// Consoles with names of their own and the groups they hang on, watched second by second.
struct World {
  struct Console {
    std::string name;
    std::vector<OutageGroup> groups;
    bool up = true;
    MonoTime link_since{}, last_byte{};
    Micros allowed = 10min;
  };

  Instant now{from_unix_micros(1'800'000'000'000'000), MonoTime{1h}};
  std::deque<Console> consoles;
  OutageWatch watch;
  std::vector<Incident> told;

  void add(int count, const std::string& prefix, std::vector<OutageGroup> groups = {}) {
    for (int i = 0; i < count; ++i) {
      consoles.push_back(
          {prefix + std::to_string(i), groups, true, now.mono, MonoTime{}, Micros{10min}});
    }
  }
  void link(const std::string& prefix, bool up, std::size_t at_most = 1000) {
    for (Console& c : consoles) {
      if (c.name.starts_with(prefix) && c.up != up && at_most > 0) {
        --at_most;
        c.up = up;
        c.link_since = now.mono;
      }
    }
  }
  void speak(const std::string& prefix, std::size_t at_most = 1000) {
    for (Console& c : consoles) {
      if (c.up && c.name.starts_with(prefix) && at_most > 0) {
        --at_most;
        c.last_byte = now.mono;
      }
    }
  }
  void look() {
    std::vector<ConsoleActivity> activity;
    for (const Console& c : consoles) {
      activity.push_back({c.name, c.groups, c.up, c.link_since, c.last_byte, c.allowed});
    }
    watch.check(activity, now, [&](Incident& incident) {
      if (incident.id == 0) {
        incident.id = ++last_id;
      }
      told.push_back(incident);
    });
  }
  // `chatter`: prefixes of consoles that go on printing meanwhile.
  void pass(Micros time, const std::vector<std::string>& chatter = {}) {
    for (const Instant end = now + time; now.mono < end.mono;) {
      now = now + 1s;
      for (const std::string& prefix : chatter) {
        speak(prefix);
      }
      look();
    }
  }
  std::size_t opened() const {
    std::set<std::int64_t> ids;
    for (const Incident& incident : told) {
      ids.insert(incident.id);
    }
    return ids.size();
  }
  const Incident& only_open() const {
    static Incident copy;
    const auto open = watch.open_incidents();
    REQUIRE(open.size() == 1);
    return copy = open.front();
  }

  std::int64_t last_id = 0;
};

const OutageGroup kFra = site_group("site", "fra1");

std::vector<OutageGroup> behind(const std::string& server) {
  return {kFra, server_group(server + ".fra1")};
}

// A site of three console servers with ten consoles each, and one console elsewhere.
struct Site : World {
  Site() {
    for (const char* server : {"ts1", "ts2", "ts3"}) {
      add(10, std::string(server) + "-", behind(server));
    }
    add(1, "else-", {site_group("site", "ams1")});
    look();
  }
};

}  // namespace

TEST_CASE("a console that falls silent is an incident until it speaks") {
  World w;
  w.add(2, "r");
  w.pass(10min);
  CHECK(w.told.empty());
  w.speak("r1");
  w.pass(1s);
  REQUIRE(w.told.size() == 1);
  CHECK(w.told[0].console == "r0");
  CHECK(w.told[0].kind == Kind::silence);
  CHECK(w.told[0].title == "Silent for 10m01s");
  w.pass(1min, {"r1"});
  CHECK(w.told.size() == 1);
  w.speak("r0");
  w.pass(1s);
  REQUIRE(w.told.size() == 2);
  CHECK(w.told[1].resolution == "spoke again after 1m01s");
  CHECK(w.told[1].id == w.told[0].id);
  CHECK(w.watch.open_incidents().empty());
}

TEST_CASE("a site without power is one incident, from the first dead link to the last one back") {
  Site w;
  w.link("ts1", false, 6);  // time-outs differ by up to half a minute
  w.pass(15s, {"ts", "else"});
  w.link("ts", false, 15);
  w.pass(15s, {"ts", "else"});
  w.link("ts", false);
  w.pass(7min, {"else"});
  REQUIRE(w.opened() == 1);
  CHECK(w.only_open().console == "site fra1");
  CHECK(w.only_open().title == "All 30 consoles at site fra1 down");
  CHECK(w.only_open().severity == Severity::critical);
  CHECK(w.only_open().kind == Kind::silence);
  CHECK(w.only_open().consoles.size() == 30);
  const std::size_t told = w.told.size();
  w.pass(2h, {"else"});
  CHECK(w.told.size() == told);

  for (int i = 0; i < 30; ++i) {  // they come back one by one
    w.link("ts", true, 1);
    w.pass(2s, {"ts", "else"});
  }
  w.pass(5min, {"ts", "else"});
  CHECK(w.told.size() == told + 1);
  CHECK(w.told.back().state == IncidentState::resolved);
  CHECK(w.told.back().resolution.starts_with("all are back after 2h"));
  CHECK(w.watch.open_incidents().empty());
}

TEST_CASE("consoles that were never reached count as down after their time") {
  Site w;
  for (World::Console& c : w.consoles) {
    c.up = false;
  }
  w.pass(5min);
  CHECK(w.told.empty());
  w.pass(2min);
  CHECK(w.opened() == 1);
  CHECK(w.only_open().title == "All 30 consoles at site fra1 down");
}

TEST_CASE("a dead console server is its own incident, not the site's") {
  Site w;
  w.link("ts1", false);
  w.pass(7min, {"ts", "else"});
  CHECK(w.opened() == 1);
  CHECK(w.only_open().console == "ts1.fra1");
  CHECK(w.only_open().title == "All 10 consoles behind ts1.fra1 down");
}

TEST_CASE("the incident of a server becomes part of the site's when the site follows") {
  Site w;
  w.link("ts1", false);
  w.pass(10min, {"ts", "else"});
  const Incident server = w.only_open();
  w.link("ts2", false);
  w.link("ts3", false, 6);
  w.pass(10min, {"ts", "else"});
  const Incident site = w.only_open();
  CHECK(site.title == "26 of 30 consoles at site fra1 down");
  CHECK(w.opened() == 2);
  const auto end = std::find_if(w.told.begin(), w.told.end(), [](const Incident& i) {
    return i.state == IncidentState::resolved;
  });
  REQUIRE(end != w.told.end());
  CHECK(end->id == server.id);
  CHECK(end->resolution == "part of incident 2, site fra1");

  w.link("ts3", false);  // the last ones join
  w.pass(6min, {"else"});
  CHECK(w.only_open().id == site.id);
  CHECK(w.only_open().title == "All 30 consoles at site fra1 down");
  CHECK(w.only_open().fingerprint == site.fingerprint);
  CHECK(site.fingerprint != server.fingerprint);
}

TEST_CASE("routers that die behind a living console server are silent together") {
  World w;
  w.add(4, "r", {kFra, server_group("ts1")});
  w.speak("r");
  for (int i = 0; i < 4; ++i) {  // their last words came within half a minute
    w.consoles[static_cast<std::size_t>(i)].last_byte += i * 10s;
  }
  w.pass(12min);
  CHECK(w.opened() == 1);
  CHECK(w.only_open().title == "All 4 consoles at site fra1 silent");
  w.speak("r", 2);
  w.pass(5min);
  CHECK(w.only_open().consoles.size() == 4);  // half are still out
  w.speak("r");
  w.pass(2min);
  CHECK(w.told.back().resolution.starts_with("all are back after"));
}

TEST_CASE("what is silent and what is down is one incident") {
  World w;
  w.add(6, "quiet-", {kFra});
  w.add(4, "dead-", {kFra});
  w.add(4, "alive-", {kFra});
  w.pass(5min, {"alive"});
  w.link("dead", false);
  w.pass(7min, {"alive"});
  CHECK(w.opened() == 1);
  CHECK(w.only_open().title == "10 of 14 consoles at site fra1 silent or down");
}

TEST_CASE("two of six silent consoles are not the server's fault") {
  World w;
  w.add(6, "r", {server_group("ts1")});
  w.pass(5min, {"r2", "r3", "r4", "r5"});
  w.pass(8min, {"r2", "r3", "r4", "r5"});
  CHECK(w.opened() == 2);
  w.pass(12min);  // now all are
  CHECK(w.only_open().title == "All 6 consoles behind ts1 silent");
  CHECK(w.opened() == 3);
  std::size_t folded = 0;
  for (const Incident& incident : w.told) {
    folded += incident.resolution == "part of incident 3, ts1";
  }
  CHECK(folded == 2);
}

TEST_CASE("a stray console elsewhere does not make two sites of one") {
  World w;
  const OutageGroup region = site_group("region", "de");
  w.add(10, "fra-", {region, kFra});
  w.add(10, "ber-", {region, site_group("site", "ber1")});
  w.link("fra", false);
  w.link("ber-0", false);
  w.pass(7min, {"fra", "ber"});
  CHECK(w.only_open().console == "site fra1");
  w.link("ber", false);
  w.pass(7min);
  CHECK(w.only_open().title == "All 20 consoles at region de down");
}

TEST_CASE("a group is over when few are out for a while, and the rest speak for themselves") {
  World w;
  w.add(10, "r", {kFra});
  w.link("r", false);
  w.pass(10min);
  CHECK(w.opened() == 1);
  w.link("r", true, 7);
  w.pass(10min, {"r"});
  CHECK(w.only_open().console == "site fra1");  // three of ten are too many
  w.link("r", true, 1);
  w.pass(30s, {"r"});
  w.link("r7", false);  // and at once down again
  w.pass(3min, {"r"});
  CHECK(w.only_open().console == "site fra1");
  w.link("r7", true);
  w.pass(2min, {"r"});
  CHECK(w.told.back().resolution.starts_with("8 of 10 are back after"));
  CHECK(w.opened() == 1);  // two links that are down are no incident

  w.link("r", true);
  w.pass(12min, {"r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7"});
  CHECK(w.opened() == 3);  // but two silent ones are
}

TEST_CASE("a link that flaps is neither silent nor down, and one down for ever is no incident") {
  World w;
  w.add(6, "r", {kFra});
  for (int i = 0; i < 20; ++i) {
    w.link("r", i % 2 == 1);
    w.pass(4min);
  }
  CHECK(w.told.empty());
  w.link("r0", false);
  w.pass(24h, {"r"});
  CHECK(w.told.empty());
}

TEST_CASE("a silence goes on when the link drops for a moment, and ends when it stays down") {
  World w;
  w.add(1, "r");
  w.pass(11min);
  w.link("r", false);
  w.pass(1min);
  w.link("r", true);
  w.pass(9min);
  CHECK(w.told.size() == 1);
  w.link("r", false);
  w.pass(6min);
  REQUIRE(w.told.size() == 2);
  CHECK(w.told[1].resolution == "the link went down");
}

TEST_CASE("a console without a limit is never silent, and speaks for its group while it is up") {
  World w;
  w.add(20, "r", {kFra});
  w.add(4, "dead-", {kFra});
  for (World::Console& c : w.consoles) {
    c.allowed = Micros{0};
  }
  w.link("dead", false);
  w.pass(24h);
  CHECK(w.told.empty());
}

TEST_CASE("open outages survive a restart of the collector") {
  Site w;
  w.consoles.back().allowed = 1min;
  w.link("ts", false);
  w.pass(10min);
  REQUIRE(w.watch.open_incidents().size() == 2);

  Site again;
  again.now = w.now;
  for (World::Console& c : again.consoles) {
    c.up = false;  // not reached yet
    c.link_since = again.now.mono;
  }
  again.watch.restore(w.watch.open_incidents());
  again.pass(30s);
  again.link("", true);
  again.pass(15min);
  CHECK(again.told.empty());  // still the same: nobody has said a word yet
  again.speak("");
  again.pass(2min, {"ts", "else"});
  CHECK(again.told.size() == 2);
  CHECK(again.watch.open_incidents().empty());
}

TEST_CASE("what leaves the configuration is no longer watched") {
  Site w;
  w.link("ts", false);
  w.pass(20min);  // and the one elsewhere is silent
  REQUIRE(w.watch.open_incidents().size() == 2);
  w.consoles.clear();
  w.pass(1s);
  CHECK(w.watch.open_incidents().empty());
  CHECK(w.told.back().resolution == "no longer watched");
}

TEST_CASE("ten thousand consoles of 300 sites are 300 incidents when all fail at once") {
  World w;
  for (int site = 0; site < 300; ++site) {
    const std::string name = "s" + std::to_string(site);
    for (int server = 0; server < 2; ++server) {
      w.add(17, name + "-" + std::to_string(server) + "-",
            {site_group("site", name), server_group("ts" + std::to_string(server) + "." + name)});
    }
  }
  w.link("", false, 100'000);
  w.now = w.now + 6min;
  w.look();
  w.now = w.now + 1min;
  w.look();
  CHECK(w.opened() == 300);
  CHECK(w.told.size() == 300);
}
