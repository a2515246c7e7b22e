#include "collector/app/console_runner.h"

#include <catch2/catch.hpp>

#include "collector/app/rule_source.h"
#include "collector/transcript/reader.h"
#include "tests/unit/collector/app/daemon_lab.h"
#include "tests/unit/collector/transcript/transcript_fixture.h"

namespace lastgasp {
namespace {

using namespace std::chrono_literals;

// A runner whose link is played by the test.
struct Stage {
  Folder folder;
  HandClock clock;  // the writer has threads that read it
  TranscriptWriter writer{folder.path(), StorageLimits{}, clock};
  Metrics metrics{"1.0", ""};
  std::vector<Alert> alerts;
  IncidentDesk desk{
      0, "", metrics.alerts_active(), [this](const Alert& alert) { alerts.push_back(alert); }, {}};
  Matching matching = make_matching(compile_rules({}, {}), compile_redaction({}, {}));
  ShardNotes notes;
  ConsoleRunner runner{config(),
                       TrackerSettings{},
                       writer.console_id("r1", "tcp://ts1:2001"),
                       matching,
                       notes,
                       RunnerServices{clock, writer, desk, metrics}};
  LinkObserver& link = runner;

  // All that was stored of the console.
  std::string stored() {
    REQUIRE(writer.flush());
    std::string text;
    const TranscriptReader::Part all{"r1", {}};
    TranscriptReader(folder.path()).records({&all, 1}, [&](std::size_t, const Record& record) {
      if (record.kind == RecordKind::data) text += record.bytes;
    });
    return text;
  }

  static ConsoleConfig config() {
    ConsoleConfig config;
    config.name = "r1";
    config.endpoint = "tcp://ts1:2001";
    config.silence = 10min;
    return config;
  }
  void status(LinkState state, LinkReason reason) {
    link.on_status({state, reason, ""}, clock.now());
  }
  void bytes(std::string_view text) { link.on_bytes(text, clock.now()); }
  void pass(Micros time) {
    clock.advance(time);
    if (runner.due() <= clock.now().mono) runner.tick(clock.now());
  }
  ConsoleState state() { return runner.metrics().state; }
};

TEST_CASE("a link that is accepted and hung up again and again is down all the while") {
  Stage s;
  const MonoTime start = s.clock.now().mono;
  for (int i = 0; i < 20; ++i) {
    s.pass(30s);
    s.status(LinkState::up, LinkReason::silent);
    s.pass(1s);
    s.status(LinkState::down, LinkReason::busy);
  }
  CHECK_FALSE(s.runner.activity().up);
  CHECK(s.runner.activity().link_since == start);

  s.status(LinkState::up, LinkReason::silent);
  s.bytes("a word\n");
  s.pass(1s);
  s.status(LinkState::down, LinkReason::closed);
  CHECK(s.runner.activity().link_since == s.clock.now().mono);
}

TEST_CASE("a console is shown as silent when it is quiet for longer than it may, until it speaks") {
  Stage s;
  s.status(LinkState::up, LinkReason::none);
  s.bytes("a word\n");
  CHECK(s.state() == ConsoleState::up);
  s.pass(9min);
  CHECK(s.state() == ConsoleState::up);
  s.pass(1min);
  CHECK(s.state() == ConsoleState::silent);
  s.bytes("another\n");
  CHECK(s.state() == ConsoleState::up);
  s.pass(11min);
  s.status(LinkState::down, LinkReason::reset);
  CHECK(s.state() == ConsoleState::down);
  s.pass(1h);
  CHECK(s.state() == ConsoleState::down);
  CHECK(s.alerts.empty());  // none of this is the console's own incident
}

TEST_CASE("a dump that was being printed when the collector died is truncated from the start on") {
  Stage s;
  Incident cut;
  cut.id = 7;
  cut.console = "r1";
  cut.kind = Kind::panic;
  cut.title = "Kernel panic";
  cut.state = IncidentState::capturing;
  cut.opened = cut.updated = s.clock.now().wall;
  s.runner.restore({cut}, s.clock.now());
  s.writer.flush();
  REQUIRE(s.runner.open_incidents().size() == 1);
  CHECK(s.runner.open_incidents()[0].truncated);
  TranscriptReader reader(s.folder.path());
  const auto rows = reader.incidents({});
  REQUIRE(rows.size() == 1);
  CHECK(incident_from_json(rows[0].body).state == IncidentState::open);
  CHECK(incident_from_json(rows[0].body).truncated);
  CHECK(s.metrics.alerts_active() == 1);
}

TEST_CASE("a boot is stored with its banner, and again when it is explained and done") {
  Stage s;
  s.status(LinkState::up, LinkReason::none);
  const WallTime began = s.clock.now().wall;
  const auto boot = [&] {
    REQUIRE(s.writer.flush());
    const auto boots = TranscriptReader(s.folder.path()).boots({});
    REQUIRE(boots.size() == 1);
    CHECK(boots[0].console == "r1");
    CHECK(boots[0].boot.began == began);
    return boots[0].boot;
  };
  s.bytes("U-Boot 2023.01 (Jan 09 2023 - 12:00:00 +0000)\r\n");
  CHECK(boot().done == WallTime{});
  CHECK(boot().reason == "unknown");

  s.pass(1s);
  s.bytes("Reset cause: WDOG\r\n");
  CHECK(boot().reason == "watchdog");
  CHECK(boot().evidence == "Reset cause: WDOG");

  s.pass(40s);
  s.bytes("r1 login: \r\n");
  CHECK(boot().done == began + 41s);
  CHECK(boot().reason == "watchdog");
}

TEST_CASE("what a peer says before it hangs up is shown escaped and without its secrets") {
  Stage s;
  LinkStatus busy{LinkState::down, LinkReason::busy, "accepted and closed at once", {}};
  s.link.on_status(busy, s.clock.now());
  CHECK(s.runner.detail() == "accepted and closed at once");
  busy.said = "Port \x1b[1m7\r\nlogin: noc\r\nPassword: hunter2\r\nPort in use";
  s.link.on_status(busy, s.clock.now());
  CHECK(s.runner.detail() ==
        "accepted and closed at once, saying \"Port \\x1b[1m7\\x0d\\x0alogin: noc\\x0d\\x0a"
        "Password: *******\\x0d\\x0aPort in use\"");
}

TEST_CASE("secrets are masked in what is stored, at once or when their line goes on no more") {
  Stage s;
  s.status(LinkState::up, LinkReason::none);
  s.bytes("r1(config)#enable secret foo\r\nr1(config)#username noc pass");
  s.bytes("word hunter");
  CHECK(s.stored() == "r1(config)#enable secret ***\r\nr1(config)#username noc password ");
  s.pass(kHeldAtMost);
  CHECK(s.stored() == "r1(config)#enable secret ***\r\nr1(config)#username noc password ******");
  s.bytes("2\r\nenable secret half");
  s.status(LinkState::down, LinkReason::closed);
  CHECK(s.stored().ends_with("password *******\r\nenable secret ****"));
  CHECK(s.metrics.redactions() == 3);
}

TEST_CASE("new redaction rules hold from the next byte on") {
  Stage s;
  s.status(LinkState::up, LinkReason::none);
  s.matching.redaction = compile_redaction({}, {"cisco.secret"});
  s.bytes("enable secret foo\r\n");
  s.matching.redaction = compile_redaction({}, {});
  s.bytes("enable secret foo\r\n");
  CHECK(s.stored() == "enable secret foo\r\nenable secret ***\r\n");
}

}  // namespace
}  // namespace lastgasp
