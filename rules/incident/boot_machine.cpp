#include "rules/incident/boot_machine.h"

#include <algorithm>

#include "rules/incident/frames.h"

namespace lastgasp {
namespace {

constexpr std::size_t kMaxBanners = 16;
constexpr std::size_t kMaxLoopBoots = 256;
constexpr std::size_t kMaxEvidence = 200;

// However long ago, and whether or not somebody was listening since: the next boot is its effect.
bool died(BootReason reason) {
  return reason == BootReason::crash || reason == BootReason::watchdog;
}

std::string short_text(std::string_view line) {
  return std::string(message_of(line).text.substr(0, kMaxEvidence));
}

}  // namespace

// A banner seen before in this boot means that it began anew, but a menu may draw its own again.
bool BootMachine::begins_boot(std::string_view rule, std::string_view text, MonoTime now) const {
  if (!booting_ || cut_short_ || reached_ || now - began_ > kLongestBoot) {
    return true;
  }
  const auto same = [&](const Banner& b) { return b.rule == rule && b.text == text; };
  const auto seen = std::find_if(banners_.begin(), banners_.end(), same);
  return seen != banners_.end() && (seen == banners_.begin() || !same(banners_.back()));
}

void BootMachine::explain(Boot& boot, std::string_view line, BootReason told, MonoTime now) const {
  const auto by = [&](const Farewell& why) {
    boot.reason = why.reason;
    boot.evidence = why.evidence;
  };
  if (farewell_ && farewell_->reason != BootReason::unknown &&
      (died(farewell_->reason) || now - farewell_->at <= kShutdownHolds)) {
    by(*farewell_);
  } else if (reset_before_ && now - reset_before_->at <= kResetHolds) {
    by(*reset_before_);
  } else if (told != BootReason::unknown) {
    boot.reason = told;
    boot.evidence = short_text(line);
  } else if (reached_ || farewell_ || !banners_.empty() || lines_ >= kEarlierLines) {
    boot.reason = BootReason::unexplained;
  }
}

std::optional<BootReason> BootMachine::foresee(std::string_view rule, std::string_view line,
                                               BootReason told, MonoTime now) const {
  if (!begins_boot(rule, short_text(line), now)) {
    return std::nullopt;
  }
  Boot boot;
  explain(boot, line, told, now);
  return boot.reason;
}

std::optional<Boot> BootMachine::banner(std::string_view rule, std::string_view line,
                                        BootReason told, Instant now) {
  std::string text = short_text(line);
  const bool begins = begins_boot(rule, text, now.mono);
  if (begins) {
    boot_ = {.began = now.wall};
    explain(boot_, line, told, now.mono);
    wanted_ = boot_.reason == BootReason::operator_ && !(farewell_ && farewell_->early);
    booting_ = true;
    reached_ = cut_short_ = false;
    began_ = now.mono;
    banners_.clear();
    farewell_.reset();
    reset_before_.reset();
  }
  if (banners_.size() < kMaxBanners) {
    banners_.push_back({std::string(rule), std::move(text)});
  }
  return begins ? std::optional(boot_) : std::nullopt;
}

std::optional<Boot> BootMachine::up(Instant now) {
  reached_ = true;
  if (!booting_) {
    return std::nullopt;
  }
  booting_ = false;
  boot_.done = now.wall;
  return boot_;
}

void BootMachine::shutdown(BootReason reason, std::string_view line, MonoTime now) {
  cut_short_ = true;
  const bool known = farewell_ && farewell_->reason != BootReason::unknown;
  if (reason != BootReason::unknown || !known) {
    farewell_ = {reason, short_text(line), now, !reached_ && early(kLongestBoot, now)};
  }
}

void BootMachine::operator_reboots(std::string_view command, MonoTime now) {
  cut_short_ = true;
  farewell_ = {BootReason::operator_, short_text(command), now, early(kTypingTakes, now)};
}

std::optional<Boot> BootMachine::reset_reason(BootReason reason, std::string_view line,
                                              MonoTime now) {
  const bool explains =
      booting_ && !cut_short_ &&
      (boot_.reason == BootReason::unexplained || boot_.reason == BootReason::unknown);
  if (!explains) {
    if (!booting_ || cut_short_) {
      reset_before_ = {reason, short_text(line), now};
    }
    return std::nullopt;
  }
  boot_.reason = reason;
  boot_.evidence = short_text(line);
  return boot_;
}

void BootMachine::crashed(BootReason reason, std::string_view title) {
  cut_short_ = true;
  farewell_ = {reason, std::string(title), {}, false};
}

void BootMachine::lost_sight() {
  booting_ = reached_ = cut_short_ = false;
  lines_ = 0;
  banners_.clear();
  if (farewell_ && !died(farewell_->reason)) {
    farewell_.reset();
  }
  reset_before_.reset();
}

std::size_t LoopWatch::boot(MonoTime now) {
  std::erase_if(boots_, [&](MonoTime at) { return now - at > settings_.loop_window; });
  if (boots_.size() >= kMaxLoopBoots) {
    boots_.erase(boots_.begin());
  }
  boots_.push_back(now);
  return boots_.size();
}

}  // namespace lastgasp
