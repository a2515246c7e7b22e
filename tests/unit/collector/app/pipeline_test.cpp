#include "collector/app/pipeline.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "collector/app/rule_source.h"

namespace lastgasp {
namespace {

struct Seen final : TrackerSink {
  void on_incident(Incident& incident) override {
    if (incident.id == 0) incident.id = ++opened;
    last = incident;
  }
  void on_boot(const Boot& boot) override { boots += boot.done == WallTime{}; }
  void on_platform(std::string_view platform) override { platforms.emplace_back(platform); }

  std::int64_t opened = 0;
  int boots = 0;
  Incident last;
  std::vector<std::string> platforms;
};

Instant at_ms(int ms) { return Instant{} + std::chrono::milliseconds(ms); }

constexpr std::string_view kPanic =
    "[    9.000001] Kernel panic - not syncing: Fatal exception\r\n"
    "[    9.000002] ---[ end Kernel panic - not syncing: Fatal exception ]---\r\n";

TEST_CASE("bytes in any pieces become one incident") {
  Matching matching = make_matching(compile_rules({}, {}));
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, kPanic.size()}) {
    Seen seen;
    Pipeline pipeline("r1", "", TrackerSettings{}, matching, seen);
    pipeline.link(true, at_ms(0));
    for (std::size_t i = 0; i < kPanic.size(); i += piece)
      pipeline.bytes(kPanic.substr(i, piece), at_ms(1));
    pipeline.finish(at_ms(2));
    CHECK(seen.opened == 1);
    CHECK(seen.last.kind == Kind::panic);
    CHECK(pipeline.lines() == 2);
  }
}

TEST_CASE("a prompt is judged after 300 ms of quiet and its rule counts when the line ends") {
  Matching matching = make_matching(compile_rules({}, {}));
  Seen seen;
  Pipeline pipeline("r1", "", TrackerSettings{}, matching, seen);
  pipeline.bytes("=> ", at_ms(0));
  CHECK(pipeline.due() == at_ms(300).mono);
  pipeline.tick(at_ms(300));
  CHECK(pipeline.lines() == 0);
  CHECK(pipeline.due() > at_ms(300).mono);
}

TEST_CASE("rules switched off by id stay silent") {
  const auto all = compile_rules({}, {});
  Matching matching = make_matching(compile_rules({}, {"linux.panic"}));
  CHECK(matching.matcher->rules().rules().size() + 1 == all->rules().size());
}

constexpr std::string_view kRules = R"(pack: ours
rules:
  - id: ours.boom
    kind: crash
    match: 'BOOM (?P<what>\w+)'
    title: 'Boom: {what}'
    dump: {until: '^end of boom', idle: 20s}
    samples: ['BOOM pump']
  - {id: ours.login, kind: login, match: '^\w+ login:', samples: ['r1 login:']}
)";

Matching rules_of(std::string_view yaml, const std::vector<std::string>& disabled = {}) {
  const Pack pack = parse_pack(yaml, "ours.yaml");
  return make_matching(RuleSet::compile({&pack, 1}, disabled));
}

constexpr std::string_view kBoom =
    "all is well\n"
    "BOOM pump\n"
    "r0: 0000000000000001 r1: 00000000deadbeef\n"
    " [<c0123456>] pump_stop+0x12/0x40\n"
    "BOOM valve\n"
    " [<c0123460>] valve_open+0x2/0x20\n"
    "end of boom\n";

TEST_CASE("a reload at any byte of a dump neither cuts nor doubles the incident") {
  for (std::size_t cut = 0; cut <= kBoom.size(); ++cut) {
    CAPTURE(cut);
    Matching matching = rules_of(kRules);
    Seen seen;
    Pipeline pipeline("r1", "", TrackerSettings{}, matching, seen);
    pipeline.link(true, at_ms(0));
    pipeline.bytes(kBoom.substr(0, cut), at_ms(1));
    pipeline.tick(at_ms(400));    // what has no end yet is judged as it is
    matching = rules_of(kRules);  // the rules that recognised it are gone
    pipeline.bytes(kBoom.substr(cut), at_ms(401));
    pipeline.tick(at_ms(60'000));
    REQUIRE(seen.opened == 1);
    CHECK(seen.last.dump.size() == 6);
    CHECK(seen.last.findings.size() == 2);
    CHECK_FALSE(seen.last.truncated);
    CHECK(seen.last.title.starts_with("Boom: p"));
    CHECK(seen.last.state == IncidentState::open);
  }
}

TEST_CASE("an incident whose rule is gone keeps its dump and resolves as ever") {
  Matching matching = rules_of(kRules);
  Seen seen;
  Pipeline pipeline("r1", "", TrackerSettings{}, matching, seen);
  pipeline.link(true, at_ms(0));
  pipeline.bytes(kBoom.substr(0, kBoom.find("BOOM valve")), at_ms(1));
  matching = rules_of(kRules, {"ours.boom"});
  pipeline.bytes(kBoom.substr(kBoom.find(" [<c0123460>]")), at_ms(2));
  pipeline.tick(at_ms(60'000));
  REQUIRE(seen.opened == 1);
  CHECK(seen.last.dump.size() == 5);
  CHECK(seen.last.state == IncidentState::open);
  pipeline.bytes("r1 login: \n", at_ms(61'000));
  for (int minute = 2; minute < 30; ++minute)
    pipeline.bytes("quiet life\n", at_ms(minute * 60'000));
  CHECK(seen.opened == 1);
  CHECK(seen.last.state == IncidentState::resolved);
}

}  // namespace
}  // namespace lastgasp
