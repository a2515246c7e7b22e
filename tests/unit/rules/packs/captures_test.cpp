// Real consoles through the real path: lines, the built-in rules, the tracker.
#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <map>

#include "collector/line/line_assembler.h"
#include "rules/engine/rule_set.h"
#include "rules/incident/tracker.h"
#include "rules/packs/built_in_packs.h"

using namespace lastgasp;

namespace {

std::shared_ptr<const RuleSet> built_in_rules() {
  static const std::shared_ptr<const RuleSet> rules = [] {
    std::vector<Pack> packs;
    for (const BuiltInPack& pack : built_in_packs()) {
      packs.push_back(parse_pack(pack.yaml, std::string(pack.file)));
    }
    return RuleSet::compile(packs);
  }();
  return rules;
}

// The tests' folder, from where this file was compiled.
std::string capture_file(const std::string& name) {
  const std::string here = __FILE__;
  return here.substr(0, here.rfind("/unit/")) + "/data/captures/" + name;
}

// Plays a capture at 115200 baud.
class Replay final : TrackerSink, LineSink {
 public:
  explicit Replay(const std::string& name) : matcher_(built_in_rules()), tracker_(name, "", {}) {
    std::ifstream in(capture_file(name), std::ios::binary);
    REQUIRE(in);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    tracker_.link(true, now_, *this);
    for (std::size_t at = 0; at < bytes.size(); at += 1152) {
      assembler_.feed(std::string_view(bytes).substr(at, 1152), now_, *this);
      wait(std::chrono::milliseconds(100));
    }
  }
  void wait(Micros time) {
    now_ = now_ + time;
    assembler_.quiet(now_, *this);
    if (tracker_.due() <= now_.mono) {
      tracker_.tick(now_, *this);
    }
  }
  void end() {
    assembler_.flush(*this);
    tracker_.finish(now_, *this);
  }

  std::map<std::int64_t, Incident> incidents;
  std::vector<Boot> boots;
  std::string platform;

 private:
  void on_incident(Incident& incident) override {
    if (incident.id == 0) {
      incident.id = static_cast<std::int64_t>(incidents.size()) + 1;
    }
    incidents[incident.id] = incident;
  }
  void on_boot(const Boot& boot) override {
    if (boot.done == WallTime{}) {
      boots.push_back(boot);
    }
  }
  void on_platform(std::string_view name) override { platform = name; }
  void on_line(const Line& line) override {
    tracker_.line(line, matcher_.match(line.text, tracker_.platform()), *this);
  }

  Instant now_{from_unix_micros(1'800'000'000'000'000), MonoTime{}};
  Matcher matcher_;
  LineAssembler assembler_;
  Tracker tracker_;
};

}  // namespace

TEST_CASE("each crash of a real Linux console is one incident with its cause in the title") {
  struct Expected {
    const char* file;
    Kind kind;
    const char* title;
    std::uint64_t first_line;
  };
  for (const Expected& e : {
           Expected{"linux-mod-oops-panic.log", Kind::panic, "Kernel NULL pointer dereference in i",
                    335},
           Expected{"linux-mod-hung.log", Kind::panic, "Task bgp-worker hung in hung", 337},
           Expected{"linux-mod-softlock.log", Kind::panic, "Soft lockup in soft", 344},
           Expected{"linux-mod-warn.log", Kind::kernel_warning,
                    "WARNING at /build/q/mod/crashmod.c in i", 337},
           Expected{"linux-oom.log", Kind::oom, "Out of memory: busybox invoked the OOM killer",
                    333},
       }) {
    INFO(e.file);
    Replay replay(e.file);
    replay.end();
    REQUIRE(replay.incidents.size() == 1);
    const Incident& incident = replay.incidents.at(1);
    CHECK(incident.kind == e.kind);
    CHECK(incident.title == e.title);
    CHECK(incident.first_line == e.first_line);
    CHECK(incident.state == IncidentState::open);
    CHECK(incident.platform == "linux");
    CHECK(incident.context.size() > 10);
    CHECK_FALSE(incident.truncated);
  }
}

TEST_CASE("a boot and a clean power-off are no incident") {
  Replay replay("linux-boot-poweroff.log");
  replay.end();
  CHECK(replay.incidents.empty());
  CHECK(replay.boots.size() == 1);
  CHECK(replay.platform == "linux");
}

TEST_CASE("a machine that panics at every boot is one panic and one reboot loop") {
  Replay replay("linux-sysrq-crash-rebootloop.log");
  replay.end();
  REQUIRE(replay.incidents.size() == 2);
  CHECK(replay.boots.size() == 3);
  CHECK(replay.incidents.at(1).kind == Kind::panic);
  CHECK(replay.incidents.at(1).title ==
        "Kernel panic: sysrq triggered crash in sysrq_handle_crash");
  CHECK(replay.incidents.at(1).boots == 2);
  CHECK(replay.incidents.at(2).kind == Kind::reboot_loop);
  CHECK(replay.boots[2].reason == BootReason::crash);
}

TEST_CASE("U-Boot resetting again and again is a reboot loop") {
  Replay replay("uboot-arm64-typed-reset-loop.log");
  CHECK(replay.boots.size() == 33);
  int loops = 0;
  for (const auto& [id, incident] : replay.incidents) {
    loops += incident.kind == Kind::reboot_loop;
    CHECK(incident.kind != Kind::unexpected_reboot);
  }
  CHECK(loops == 1);
}

TEST_CASE("a boot loader that waits at its prompt is stuck after a minute") {
  Replay replay("uboot-arm64.log");
  const auto stuck = [&] {
    for (const auto& [id, incident] : replay.incidents) {
      if (incident.kind == Kind::stuck) {
        return true;
      }
    }
    return false;
  };
  replay.wait(std::chrono::seconds(1));
  CHECK_FALSE(stuck());
  replay.wait(std::chrono::seconds(62));
  CHECK(stuck());
}
