// What one line means. A rule is data: read from a pack, never changed afterwards.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collector/core/clock.h"

namespace lastgasp {

enum class Kind : std::uint8_t {
  // open an incident
  panic,
  crash,
  hang,
  oom,
  process_crash,
  hardware,
  watchdog,
  kernel_warning,
  storage,
  environment,
  // tell the boot machine where the console is
  boot_start,
  boot_done,
  login,
  bootloader,
  shutdown,
  reset_reason,
  stuck,
  // tell what the following text is worth
  prompt,  // a command line, perhaps with what the operator typed in (?P<command>...)
  replay,  // old messages are being repeated: what follows is no new crash
  // opened by the incident machine itself, never by a rule
  reboot_loop,
  unexpected_reboot,
  silence,
};
inline constexpr std::array<std::string_view, 22> kKindNames{
    "panic",        "crash",          "hang",
    "oom",          "process_crash",  "hardware",
    "watchdog",     "kernel_warning", "storage",
    "environment",  "boot_start",     "boot_done",
    "login",        "bootloader",     "shutdown",
    "reset_reason", "stuck",          "prompt",
    "replay",       "reboot_loop",    "unexpected_reboot",
    "silence"};
constexpr std::string_view name_of(Kind kind) { return kKindNames[static_cast<std::size_t>(kind)]; }
std::optional<Kind> kind_named(std::string_view name);
// Whether a rule of this kind opens an incident by itself.
constexpr bool opens_incident(Kind kind) { return kind <= Kind::environment; }

enum class Severity : std::uint8_t { info, warning, critical };
inline constexpr std::array<std::string_view, 3> kSeverityNames{"info", "warning", "critical"};
constexpr std::string_view name_of(Severity s) {
  return kSeverityNames[static_cast<std::size_t>(s)];
}
std::optional<Severity> severity_named(std::string_view name);

// Why a console booted, as far as one line can tell.
enum class BootReason : std::uint8_t { unknown, operator_, crash, watchdog, power, unexplained };
inline constexpr std::array<std::string_view, 6> kBootReasonNames{
    "unknown", "operator", "crash", "watchdog", "power", "unexplained"};
constexpr std::string_view name_of(BootReason r) {
  return kBootReasonNames[static_cast<std::size_t>(r)];
}
std::optional<BootReason> boot_reason_named(std::string_view name);

// Which function of a call stack is to blame, and named in the title.
enum class Blame : std::uint8_t {
  nobody,
  first,  // where it broke: the innermost that is not mere plumbing
  entry,  // a processor goes round below this one, wherever it was when somebody looked
};

inline constexpr std::array<std::string_view, 3> kBlameNames{"false", "true", "entry"};
constexpr std::string_view name_of(Blame b) { return kBlameNames[static_cast<std::size_t>(b)]; }

// How the dump that a rule's line begins goes on.
struct DumpShape {
  std::string until;                      // RE2; the line it matches is the dump's last
  std::size_t lines = 400;                // at most
  Micros idle{std::chrono::seconds(20)};  // without a line: the dump is over
  Blame function = Blame::first;
  std::string stack;   // RE2; the stack to blame begins after the line it matches. Empty: the first
  std::string detail;  // RE2; what its groups capture in the dump goes into the title as well
};

struct Rule {
  std::string id;  // "linux.kernel_panic"; unique over all packs
  std::string pack;
  std::string file;                    // of its pack, as Pack::file
  std::vector<std::string> platforms;  // where it applies; empty is everywhere
  Kind kind = Kind::crash;
  Severity severity = Severity::warning;
  std::string match;   // RE2, Latin-1, unanchored, on the cleaned line
  std::string unless;  // RE2; a line it matches is no hit. Empty is none
  std::string title;   // "{capture}" stands for what the group captured
  std::optional<DumpShape> dump;
  std::string learns;                       // the platform a hit proves; empty is none
  BootReason reason = BootReason::unknown;  // of boot_start, shutdown and reset_reason rules
  bool experimental = false;                // nobody has seen it on a real device
  std::vector<std::string> samples;         // must match
  std::vector<std::string> rejects;         // must not match
  int line = 0;                             // in its pack file
};
// Whether it is tried on consoles of `platform`; empty is unknown, where every rule is.
bool applies(const Rule& rule, std::string_view platform);

}  // namespace lastgasp
