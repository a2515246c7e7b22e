// A console told by hand: a few rules, lines, and time that is moved. What the tracker says is
// kept.
#pragma once

#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "rules/incident/tracker.h"

namespace lastgasp::scenario {

inline Rule rule(std::string id, Kind kind, std::string match, std::string title = "",
                 std::optional<DumpShape> dump = std::nullopt) {
  Rule r;
  r.id = std::move(id);
  r.kind = kind;
  r.severity = kind == Kind::panic || kind == Kind::crash ? Severity::critical : Severity::warning;
  r.match = std::move(match);
  r.title = std::move(title);
  r.dump = std::move(dump);
  return r;
}

inline Rule because(Rule r, BootReason reason) {
  r.reason = reason;
  return r;
}

inline std::vector<Rule> rules() {
  const DumpShape oops{.until = "---\\[ end trace"};
  const DumpShape panic{.until = "Rebooting in|end Kernel panic"};
  const DumpShape bsd{.until = "^(Uptime:|KDB: enter:)"};
  const DumpShape open_ended{.idle = std::chrono::seconds(10)};
  const DumpShape block{.lines = 100};
  const DumpShape detailed{.until = "={20}", .detail = "^(?P<access>Read|Write) of size"};
  return {
      rule("linux.panic", Kind::panic, "Kernel panic - not syncing: (?P<what>.+)",
           "Kernel panic: {what}", panic),
      rule("linux.null", Kind::crash, "BUG: kernel NULL pointer", "Kernel NULL pointer dereference",
           oops),
      rule("linux.warning", Kind::kernel_warning,
           "WARNING: CPU: .* at (?P<what>[\\w./]+):", "WARNING at {what}", oops),
      rule("linux.softdog", Kind::watchdog, "softdog: Initiating", "Watchdog fired"),
      rule("linux.lockup", Kind::hang, "soft lockup - CPU#\\d+ stuck for (?P<what>\\d+)s",
           "Soft lockup", open_ended),
      rule("linux.kasan", Kind::kernel_warning, "BUG: KASAN: (?P<what>\\S+) in (?P<fn>\\w+)",
           "KASAN: {what} {access} in {fn}", detailed),
      rule("linux.segfault", Kind::process_crash, "(?P<what>\\w+)\\[\\d+\\]: segfault",
           "{what} crashed: segfault"),
      rule("linux.io", Kind::storage, "I/O error, dev (?P<what>\\w+)", "I/O error on {what}"),
      rule("freebsd.trap", Kind::crash, "Fatal trap (?P<what>\\d+): page fault",
           "Fatal trap {what}: page fault", bsd),
      rule("freebsd.panic", Kind::panic, "^panic: (?P<what>.+)", "panic: {what}", bsd),
      rule("ios.exception", Kind::crash, "Unexpected exception to CPUvector (?P<what>\\d+)",
           "Unexpected exception {what}", open_ended),
      rule("linux.boot", Kind::boot_start, "Linux version"),
      rule("firmware.uboot", Kind::boot_start, "^U-Boot 20"),
      rule("firmware.bios", Kind::boot_start, "SeaBIOS"),
      rule("firmware.grub", Kind::boot_start, "GRUB"),
      rule("userland.done", Kind::boot_done, "Reached target Multi-User"),
      rule("userland.login", Kind::login, "login: ?$"),
      rule("linux.restart", Kind::shutdown, "reboot: Restarting system"),
      because(rule("ios.reload", Kind::shutdown, "%SYS-5-RELOAD"), BootReason::operator_),
      because(rule("firmware.wdog", Kind::reset_reason, "Reset cause: WDOG"), BootReason::watchdog),
      because(rule("ios.by_reload", Kind::reset_reason, "Last reset: reload"),
              BootReason::operator_),
      rule("ios.rommon", Kind::bootloader, "^rommon \\d+ > ?$", "ROMMON prompt"),
      rule("any.prompt", Kind::prompt, "^[\\w@.-]*(?:\\([\\w-]+\\))?[#>] ?(?P<command>.*)$"),
      rule("freebsd.savecore", Kind::replay, "savecore: reboot after"),
      rule("ios.buffered", Kind::replay, "Buffered messages", "", block),
  };
}

class Console final : public TrackerSink {
 public:
  explicit Console(TrackerSettings settings = {}) : tracker("r1", "", settings) {
    tracker.link(true, now, *this);
  }

  // One line; a line without its end is a partial one and may be said again whole.
  void says(const std::string& text, bool partial = false) {
    Line line{.text = text, .at = now, .number = number, .begin = offset, .partial = partial};
    line.end = offset + text.size() + 1;
    tracker.line(line, matcher_.match(text, tracker.platform()), *this);
    if (!partial) {
      ++number;
      offset = line.end;
    }
    now = now + std::chrono::milliseconds(5);
  }
  void say(std::initializer_list<const char*> lines) {
    for (const char* line : lines) {
      says(line);
    }
  }
  // Time goes by; the tracker is woken when it asked to be.
  void wait(Micros time) {
    const MonoTime until = now.mono + time;
    while (tracker.due() <= until) {
      const MonoTime due = std::max(tracker.due(), now.mono);
      now = now + (due - now.mono);
      tracker.tick(now, *this);
      if (tracker.due() <= due) {
        throw std::runtime_error("due() stands still");
      }
    }
    now = now + (until - now.mono);
  }

  void on_incident(Incident& incident) override {
    if (incident.id == 0) {
      incident.id = static_cast<std::int64_t>(incidents.size()) + 1;
    }
    incidents[incident.id] = incident;
    ++calls;
  }
  void on_boot(const Boot& boot) override { boots.push_back(boot); }
  void on_platform(std::string_view platform) override { platforms.emplace_back(platform); }

  void on_verdict(const Line& line, const RuleHit& hit, Verdict verdict,
                  std::string_view about) override {
    verdicts.push_back({line.number, hit.rule->id, verdict, std::string(about)});
  }
  // "opened linux.null, ..." for the hits of that line.
  std::string verdict_on(std::uint64_t line) const {
    std::string out;
    for (const Told& told : verdicts) {
      if (told.line == line) {
        out += (out.empty() ? "" : ", ") + std::string(kVerdictNames[std::size_t(told.verdict)]) +
               " " + told.rule;
      }
    }
    return out;
  }

  std::size_t count(Kind kind) const {
    std::size_t n = 0;
    for (const auto& [id, incident] : incidents) {
      n += incident.kind == kind;
    }
    return n;
  }
  const Incident& first(Kind kind) const {
    for (const auto& [id, incident] : incidents) {
      if (incident.kind == kind) {
        return incident;
      }
    }
    throw std::runtime_error("no such incident");
  }
  const Incident& only() const { return incidents.at(1); }

  struct Told {
    std::uint64_t line;
    std::string rule;
    Verdict verdict;
    std::string about;
  };

  Instant now{from_unix_micros(1'800'000'000'000'000), MonoTime{std::chrono::hours(1)}};
  std::uint64_t number = 1, offset = 0;
  std::map<std::int64_t, Incident> incidents;
  std::vector<Boot> boots;
  std::vector<std::string> platforms;
  std::vector<Told> verdicts;
  int calls = 0;
  Tracker tracker;

 private:
  static std::shared_ptr<const RuleSet> compiled() {
    static const std::shared_ptr<const RuleSet> set = [] {
      Pack pack;
      pack.rules = rules();
      return RuleSet::compile({&pack, 1});
    }();
    if (!set->refused().empty()) {
      throw std::runtime_error(set->refused()[0].id + ": " + set->refused()[0].why);
    }
    return set;
  }
  Matcher matcher_{compiled()};
};

// Later each time, as on a real machine.
inline void oops(Console& c, const char* address = "0000000000000018", int pid = 85) {
  const auto kernel = [&](const std::string& text) {
    const std::string fraction = std::to_string(100'000 + c.number);
    c.says("[   12." + fraction + "] " + text);
  };
  kernel(std::string("BUG: kernel NULL pointer dereference, address: ") + address);
  kernel("CPU: 0 PID: " + std::to_string(pid) + " Comm: bgpd Not tainted 6.1.0");
  for (const char* text :
       {"RIP: 0010:memcpy+0x10/0x20", "Code: 48 8b 07 48", "Call Trace:", " <TASK>",
        " ? fib_dump+0x1/0x2", " fib_table_insert.isra.0+0x74/0x1000 [router]",
        " fib_magic+0x1/0x2", " </TASK>", "---[ end trace 0000000000000000 ]---",
        "RIP: 0010:memcpy+0x10/0x20"}) {
    kernel(text);
  }
}

inline void panic_and_reset(Console& c) {
  c.say({"[    3.1] Kernel panic - not syncing: sysrq triggered crash",
         "[    3.2] Call Trace:", "[    3.3]  panic+0x118/0x2f4",
         "[    3.4]  sysrq_handle_crash+0x16/0x20", "[    3.5] Rebooting in 1 seconds.."});
  c.wait(std::chrono::seconds(5));
}

}  // namespace lastgasp::scenario
