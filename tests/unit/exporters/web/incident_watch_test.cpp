#include "exporters/web/incident_watch.h"

#include <catch2/catch.hpp>

#include "tests/unit/collector/transcript/transcript_fixture.h"
#include "tests/unit/exporters/web/stored_console.h"

namespace lastgasp {
namespace {

struct WatchedIncidents : StoredConsole {
  void keep(IncidentId id, WallTime updated, WallTime resolved = {}) {
    const IncidentRow row{.id = id,
                          .console = console,
                          .kind = "panic",
                          .severity = "critical",
                          .fingerprint = "0123456789abcdef",
                          .title = "panic " + std::to_string(id),
                          .opened = kNoon,
                          .updated = updated,
                          .resolved = resolved,
                          .body = "{}"};
    REQUIRE(writer.append({}, {&row, 1}) == 0);
  }
  std::vector<IncidentId> poll(WallTime since = kNoon + std::chrono::hours(24)) {
    REQUIRE(writer.flush());
    std::vector<IncidentId> ids;
    for (const IncidentRow& row : watch.poll(reader, since)) ids.push_back(row.id);
    return ids;
  }
  using Ids = std::vector<IncidentId>;

  IncidentWatch watch;
};

}  // namespace

TEST_CASE_METHOD(WatchedIncidents, "an incident is told when it is opened, updated and resolved") {
  keep(1, kNoon);
  CHECK(poll().empty());
  keep(2, kNoon);
  CHECK(poll() == Ids{2});
  CHECK(poll().empty());
  keep(1, seconds_after(kNoon, 5));
  CHECK(poll() == Ids{1});
  keep(1, seconds_after(kNoon, 5), seconds_after(kNoon, 9));
  keep(2, seconds_after(kNoon, 6));
  CHECK(poll() == Ids{1, 2});
}

TEST_CASE_METHOD(WatchedIncidents,
                 "ids that are stored out of order, or open for long, are not missed") {
  keep(1, kNoon);
  keep(900, kNoon);
  CHECK(poll().empty());
  keep(905, kNoon);
  CHECK(poll() == Ids{905});
  keep(903, kNoon);
  keep(1, seconds_after(kNoon, 5), seconds_after(kNoon, 9));
  CHECK(poll() == Ids{1, 903});
  CHECK(poll().empty());
}

TEST_CASE_METHOD(WatchedIncidents, "who begins to watch is told what changed a moment before") {
  keep(1, kNoon);
  keep(2, seconds_after(kNoon, 10));
  keep(3, kNoon, seconds_after(kNoon, 10));
  CHECK(poll(seconds_after(kNoon, 5)) == Ids{2, 3});
}

TEST_CASE_METHOD(WatchedIncidents, "what people say of an incident is told, also when it is over") {
  keep(1, kNoon);
  keep(2, kNoon, seconds_after(kNoon, 9));
  keep(900, kNoon);
  writer.add_note({.incident = 1, .at = kNoon, .acknowledges = true, .by = "ann", .text = {}});
  CHECK(poll().empty());
  writer.add_note({.incident = 2, .at = kNoon, .acknowledges = false, .by = "ann", .text = "fan"});
  writer.add_note({.incident = 1, .at = kNoon, .acknowledges = false, .by = "bob", .text = "x"});
  keep(1, seconds_after(kNoon, 5));
  CHECK(poll() == Ids{1, 2});
  CHECK(poll().empty());

  writer.add_note({.incident = 900,
                   .at = seconds_after(kNoon, 10),
                   .acknowledges = true,
                   .by = "ann",
                   .text = {}});
  watch = {};
  CHECK(poll(seconds_after(kNoon, 9)) == Ids{900});
}

}  // namespace lastgasp
