#include "collector/app/daemon.h"

#include <catch2/catch.hpp>

#include "collector/transcript/reader.h"
#include "tests/unit/collector/app/daemon_lab.h"

namespace lastgasp {
namespace {

std::string config_of(const Folder& folder, const std::vector<const Peer*>& peers) {
  std::string text = "storage: {path: " + (folder.path() / "data").string() +
                     "}\nweb: {listen: \"127.0.0.1:0\"}\nconsoles:\n";
  for (const Peer* peer : peers)
    text += "  - {name: \"" + peer->endpoint() + "\", endpoint: \"" + peer->endpoint() + "\"}\n";
  return text;
}

std::uint64_t lines_of(const Daemon& daemon, const std::string& console) {
  for (const ConsoleView& view : daemon.consoles())
    if (view.name == console) return view.received_lines;
  return 0;
}

constexpr std::string_view kPanicLine = "[    9.1] Kernel panic - not syncing: Fatal exception\r\n";

TEST_CASE("reload adds and removes consoles and leaves the others alone") {
  const SystemClock clock;
  const Folder folder;
  Peer stays, leaves, comes;
  folder.write("lg.yaml", config_of(folder, {&stays, &leaves}));
  Daemon daemon({folder.path() / "lg.yaml", {}, {}, {}}, clock);
  const Running running(daemon);
  stays.accept_one();
  leaves.accept_one();
  stays.print("one\n");
  CHECK(eventually([&] { return lines_of(daemon, stays.endpoint()) == 1; }));

  folder.write("lg.yaml", config_of(folder, {&stays, &comes}));
  const ReloadResult result = daemon.reload();
  CHECK(result.message.starts_with("1 consoles added, 1 removed, 0 changed, 1 untouched"));
  comes.accept_one();
  stays.print("two\n");
  CHECK(eventually([&] { return lines_of(daemon, stays.endpoint()) == 2; }));
  CHECK_FALSE(stays.another_waits());
  CHECK(daemon.consoles().size() == 2);

  folder.write("lg.yaml", "consols: []\n");
  const ReloadResult refused = daemon.reload();
  CHECK_FALSE(refused.ok);
  CHECK(refused.message.find("lg.yaml:1:1: unknown key 'consols'") != std::string::npos);
  CHECK(daemon.consoles().size() == 2);
  CHECK(daemon.metrics().find("lastgasp_config_last_reload_successful 0") != std::string::npos);
}

TEST_CASE("an open incident survives a restart and is not opened twice") {
  const SystemClock clock;
  const Folder folder;
  Peer peer;
  folder.write("lg.yaml", config_of(folder, {&peer}));
  const auto open_incidents = [&](Daemon& daemon) {
    return daemon.consoles().at(0).open_incidents;
  };
  for (int run = 0; run < 2; ++run) {
    Daemon daemon({folder.path() / "lg.yaml", {}, {}, {}}, clock);
    const Running running(daemon);
    peer.accept_one();
    peer.print(kPanicLine);
    CHECK(eventually([&] { return lines_of(daemon, peer.endpoint()) == 1; }));
    CHECK(eventually([&] { return open_incidents(daemon) == 1; }));
  }
  TranscriptReader reader(folder.path() / "data");
  CHECK(reader.incidents({}).size() == 1);
  CHECK(reader.search({.text = "Kernel panic"}, [](const FoundLine&) { return true; }).hits == 2);
}

// The value of a series in the daemon's metrics; "" when it is not there.
std::string series(const Daemon& daemon, const std::string& name) {
  const std::string text = daemon.metrics();
  const std::size_t at = text.find("\nlastgasp_" + name + " ");
  if (at == std::string::npos) return "";
  const std::size_t value = text.find(' ', at) + 1;
  return text.substr(value, text.find('\n', value) - value);
}

TEST_CASE("a boot is told with its time, its length and, late, its reason") {
  const SystemClock clock;
  const Folder folder;
  Peer peer;
  folder.write("lg.yaml", config_of(folder, {&peer}));
  Daemon daemon({folder.path() / "lg.yaml", {}, {}, {}}, clock);
  const Running running(daemon);
  const std::string labels = "{console=\"" + peer.endpoint() + "\"}";
  peer.accept_one();
  const auto lines = [&](std::uint64_t count) {
    return eventually([&] { return lines_of(daemon, peer.endpoint()) == count; });
  };
  peer.print("U-Boot 2023.07 (Jul 10 2023 - 14:22:31 +0000)\r\n");
  CHECK(lines(1));
  CHECK(series(daemon, "console_boots_total" + labels) == "1");
  CHECK(series(daemon, "console_last_boot_timestamp_seconds" + labels) != "0");
  CHECK(series(daemon, "console_last_boot_duration_seconds" + labels) == "0");
  peer.print("Reset cause: WDOG\r\n");
  CHECK(lines(2));
  CHECK(series(daemon, "console_boots_total" + labels) == "1");  // the same boot, explained
  peer.print("cpe7 login: \r\n");
  CHECK(lines(3));
  CHECK(series(daemon, "console_boots_total" + labels) == "1");
  CHECK(series(daemon, "console_last_boot_duration_seconds" + labels) != "0");
  CHECK(series(daemon, "boots_total{reason=\"watchdog\"}") == "1");
  CHECK(series(daemon, "boots_total{reason=\"unknown\"}") == "0");
}

TEST_CASE("a dump that the collector's own end cuts is whole before it and truncated after it") {
  const SystemClock clock;
  const Folder folder;
  Peer peer;
  folder.write("lg.yaml", config_of(folder, {&peer}));
  const auto only = [&] {
    TranscriptReader reader(folder.path() / "data");
    const auto rows = reader.incidents({});
    REQUIRE(rows.size() == 1);
    return incident_from_json(rows.front().body);
  };
  {
    Daemon daemon({folder.path() / "lg.yaml", {}, {}, {}}, clock);
    const Running running(daemon);
    peer.accept_one();
    peer.print(
        "[    9.1] Internal error: Oops: 96000004 [#1] PREEMPT SMP\r\n"
        "[    9.2] pc : pump_stop+0x12/0x40\r\n");
    CHECK(eventually([&] { return lines_of(daemon, peer.endpoint()) == 2; }));
  }
  CHECK(only().state == IncidentState::open);
  CHECK(only().truncated);
  CHECK(only().dump.size() == 2);
  Daemon again({folder.path() / "lg.yaml", {}, {}, {}}, clock);
  CHECK(again.consoles().at(0).open_incidents == 1);
}

TEST_CASE("a second daemon on the same folder is refused") {
  const SystemClock clock;
  const Folder folder;
  const Peer peer;
  folder.write("lg.yaml", config_of(folder, {&peer}));
  Daemon first({folder.path() / "lg.yaml", {}, {}, {}}, clock);
  CHECK_THROWS_AS(Daemon({folder.path() / "lg.yaml", {}, {}, {}}, clock), Error);
}

}  // namespace
}  // namespace lastgasp
