#include "collector/app/console_view.h"

#include <algorithm>
#include <initializer_list>

#include "rules/incident/boot_machine.h"

namespace lastgasp {
namespace {

struct Judgement {
  Condition condition{};
  WallTime since{};
};

// When the newest open incident of one of these kinds began; epoch when none is open.
WallTime open_since(const ConsoleMetrics& metrics, std::initializer_list<Kind> kinds) {
  WallTime since{};
  for (const Kind kind : kinds) {
    const std::size_t slot = incident_slot(kind);
    if (metrics.incidents_active[slot] > 0)
      since = std::max(since, from_unix_micros(metrics.last_incident_us[slot]));
  }
  return since;
}

WallTime wall_of(MonoTime then, Instant now) { return now.wall - (now.mono - then); }

bool overdue(const ConsoleActivity& activity, MonoTime now) {
  const MonoTime heard = std::max(activity.last_byte, activity.link_since);
  return activity.up && activity.allowed > Micros{0} && now - heard >= activity.allowed;
}

bool booting(const ConsoleMetrics& metrics, const ConsoleStanding& standing, Instant now) {
  const WallTime began = from_unix_micros(metrics.last_boot_us);
  return standing.booting && now.wall - began < BootMachine::kLongestBoot;
}

Judgement judge(const ConsoleMetrics& metrics, const ConsoleStanding& standing, Instant now) {
  const WallTime none{};
  const ConsoleActivity& activity = standing.activity;
  const WallTime link = wall_of(activity.link_since, now);
  const WallTime heard = from_unix_micros(metrics.last_received_us);
  if (const auto at = open_since(metrics, {Kind::panic, Kind::crash, Kind::hang, Kind::watchdog});
      at != none)
    return {Condition::crashed, at};
  if (const auto at = open_since(metrics, {Kind::reboot_loop}); at != none)
    return {Condition::looping, at};
  if (const auto at = open_since(metrics, {Kind::stuck}); at != none) return {Condition::stuck, at};
  if (!activity.up && standing.tried) return {Condition::down, link};
  if (metrics.state == ConsoleState::garbled) return {Condition::garbled, none};
  if (overdue(activity, now.mono) || metrics.incidents_active[kSilenceSlot] > 0)
    return {Condition::silent, std::max(heard, link)};
  if (const auto at =
          open_since(metrics, {Kind::oom, Kind::process_crash, Kind::hardware, Kind::kernel_warning,
                               Kind::storage, Kind::environment, Kind::unexpected_reboot});
      at != none)
    return {Condition::faulty, at};
  if (booting(metrics, standing, now))
    return {Condition::booting, from_unix_micros(metrics.last_boot_us)};
  if (!activity.up) return {Condition::connecting, link};
  return {Condition::up, link};
}

}  // namespace

ConsoleView view_of(const ConsoleMetrics& metrics, const ConsoleStanding& standing, Instant now) {
  ConsoleView view;
  const Judgement judged = judge(metrics, standing, now);
  view.condition = judged.condition;
  view.condition_since = judged.since;
  if (standing.activity.up) view.connected_since = wall_of(standing.activity.link_since, now);
  view.transport = metrics.transport;
  view.state = kConsoleStateNames[static_cast<std::size_t>(metrics.state.load())];
  view.labels = metrics.labels;
  view.last_received = from_unix_micros(metrics.last_received_us);
  view.received_bytes = metrics.received_bytes;
  view.received_lines = metrics.received_lines;
  view.lost_bytes = metrics.lost_bytes;
  view.boots = metrics.boots;
  for (const auto& active : metrics.incidents_active) view.open_incidents += active;
  view.line_errors = {metrics.framing_errors, metrics.parity_errors, metrics.overrun_errors,
                      metrics.breaks};
  view.connect_attempts = metrics.connect_attempts;
  view.connect_failures = metrics.connect_failures;
  view.disconnects = metrics.disconnects;
  return view;
}

}  // namespace lastgasp
