#include "collector/app/console_view.h"

#include <catch2/catch.hpp>

#include "rules/incident/boot_machine.h"

namespace lastgasp {
namespace {

constexpr Instant kNow{WallTime{std::chrono::hours(500'000)}, MonoTime{std::chrono::hours(10)}};
constexpr Micros kMinute = std::chrono::minutes(1);

struct JudgedConsole {
  JudgedConsole() {
    standing.tried = true;
    standing.activity.up = true;
    standing.activity.link_since = kNow.mono - 60 * kMinute;
    standing.activity.last_byte = kNow.mono - kMinute;
    metrics.state = ConsoleState::up;
    metrics.last_received_us = unix_micros(kNow.wall - kMinute);
  }
  void open(Kind kind, WallTime at) {
    metrics.incidents_active[incident_slot(kind)] = 1;
    metrics.last_incident_us[incident_slot(kind)] = unix_micros(at);
  }
  Condition condition() const { return view_of(metrics, standing, kNow).condition; }
  WallTime since() const { return view_of(metrics, standing, kNow).condition_since; }

  ConsoleMetrics metrics;
  ConsoleStanding standing;
};

}  // namespace

TEST_CASE_METHOD(JudgedConsole, "a console that is read is up since its link is") {
  CHECK(condition() == Condition::up);
  CHECK(since() == kNow.wall - 60 * kMinute);
  CHECK(view_of(metrics, standing, kNow).connected_since == kNow.wall - 60 * kMinute);
}

TEST_CASE_METHOD(JudgedConsole, "a console whose link failed is down while it is tried again") {
  standing.activity.up = false;
  metrics.state = ConsoleState::connecting;
  CHECK(condition() == Condition::down);
  CHECK(view_of(metrics, standing, kNow).connected_since == WallTime{});
  standing.tried = false;
  CHECK(condition() == Condition::connecting);
}

TEST_CASE_METHOD(JudgedConsole, "the gravest of what holds is told") {
  standing.booting = true;
  metrics.last_boot_us = unix_micros(kNow.wall - 2 * kMinute);
  CHECK(condition() == Condition::booting);
  CHECK(since() == kNow.wall - 2 * kMinute);
  open(Kind::kernel_warning, kNow.wall - 3 * kMinute);
  CHECK(condition() == Condition::faulty);
  metrics.state = ConsoleState::garbled;
  CHECK(condition() == Condition::garbled);
  standing.activity.up = false;
  CHECK(condition() == Condition::down);
  open(Kind::stuck, kNow.wall);
  CHECK(condition() == Condition::stuck);
  open(Kind::reboot_loop, kNow.wall);
  CHECK(condition() == Condition::looping);
  open(Kind::panic, kNow.wall - 4 * kMinute);
  CHECK(condition() == Condition::crashed);
  CHECK(since() == kNow.wall - 4 * kMinute);
}

TEST_CASE_METHOD(JudgedConsole,
                 "a console is silent when it may not be, not because it has said nothing yet") {
  metrics.state = ConsoleState::silent;
  CHECK(condition() == Condition::up);
  standing.activity.allowed = kMinute;
  CHECK(condition() == Condition::silent);
  CHECK(since() == kNow.wall - kMinute);
  standing.activity.allowed = 2 * kMinute;
  CHECK(condition() == Condition::up);
}

TEST_CASE_METHOD(JudgedConsole, "a boot nobody saw the end of is not one for ever") {
  standing.booting = true;
  metrics.last_boot_us = unix_micros(kNow.wall - BootMachine::kLongestBoot);
  CHECK(condition() == Condition::up);
}

}  // namespace lastgasp
