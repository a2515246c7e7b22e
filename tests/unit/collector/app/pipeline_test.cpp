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

}  // namespace
}  // namespace lastgasp
