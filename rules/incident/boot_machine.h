// Where a console is between power and login, and why it went there. Pure; one for each console.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collector/core/clock.h"
#include "rules/incident/tracker.h"

namespace lastgasp {

class BootMachine {
 public:
  static constexpr Micros kShutdownHolds{
      std::chrono::minutes(5)};  // a word of farewell explains a boot
  static constexpr Micros kResetHolds{
      std::chrono::seconds(60)};  // ... and a reset reason before it
  static constexpr Micros kLongestBoot{std::chrono::minutes(10)};  // later the console counts as up
  static constexpr Micros kTypingTakes{
      std::chrono::seconds(5)};                     // nobody resets sooner after a banner
  static constexpr std::size_t kEarlierLines = 20;  // before a first banner that are no boot's own

  // A line that is not blank and no banner.
  void text() { ++lines_; }
  // A banner of `rule`. The boot it begins, or nothing while it belongs to the one going on.
  std::optional<Boot> banner(std::string_view rule, std::string_view line, BootReason told,
                             Instant now);
  // Why the boot came that such a banner would begin; nothing while it belongs to the one going on.
  std::optional<BootReason> foresee(std::string_view rule, std::string_view line, BootReason told,
                                    MonoTime now) const;
  // The system is up. The boot that is done, when one was going on.
  std::optional<Boot> up(Instant now);
  // A prompt: whatever banner follows begins another boot.
  void reached_prompt() { reached_ = true; }
  void shutdown(BootReason reason, std::string_view line, MonoTime now);
  void operator_reboots(std::string_view command, MonoTime now);
  // A line that tells why the last reset was. The boot going on with its reason, when that was not
  // known before.
  std::optional<Boot> reset_reason(BootReason reason, std::string_view line, MonoTime now);
  void crashed(BootReason reason, std::string_view title);
  // The link was cut: what happened meanwhile is unknown.
  void lost_sight();
  // Whether an operator asked for the boot going on, of a system that had come up before: one that
  // restarts itself before it is up may do so for ever.
  bool wanted() const { return wanted_; }

  bool booting() const { return booting_; }
  // Of the boot going on, or the last one.
  BootReason reason() const { return boot_.reason; }

 private:
  struct Banner {
    std::string rule;
    std::string text;
  };
  struct Farewell {
    BootReason reason{};
    std::string evidence;
    MonoTime at{};
    bool early = false;  // before the system was up
  };

  bool early(Micros least, MonoTime now) const { return booting_ && now - began_ < least; }
  bool begins_boot(std::string_view rule, std::string_view text, MonoTime now) const;
  void explain(Boot& boot, std::string_view line, BootReason told, MonoTime now) const;

  Boot boot_{};
  bool booting_ = false;
  bool reached_ = false;    // a prompt since the banner
  bool cut_short_ = false;  // a shutdown or crash since the banner
  bool wanted_ = false;
  MonoTime began_{};
  std::uint64_t lines_ = 0;               // since the link came up
  std::vector<Banner> banners_;           // of the boot going on
  std::optional<Farewell> farewell_;      // shutdown or crash, whichever came last
  std::optional<Farewell> reset_before_;  // a reset reason since then
};

// Boots nobody asked for that come too often.
class LoopWatch {
 public:
  explicit LoopWatch(const TrackerSettings& settings) : settings_(settings) {}
  // How many such boots the window holds now, this one included.
  std::size_t boot(MonoTime now);
  bool looping() const { return boots_.size() >= settings_.loop_boots; }
  Micros span() const { return boots_.empty() ? Micros{0} : boots_.back() - boots_.front(); }

 private:
  TrackerSettings settings_;
  std::vector<MonoTime> boots_;
};

}  // namespace lastgasp
