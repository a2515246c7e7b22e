// Waits at a prompt that only an operator leaves: a boot loader, a rescue shell, a debugger. Pure;
// one for each console.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "collector/core/clock.h"
#include "rules/engine/rule.h"

namespace lastgasp {

class StuckWatch {
 public:
  static constexpr Micros kOperatorStays{std::chrono::minutes(10)};  // after typing
  static constexpr int kLinesAfterMessage = 3;  // that may follow "Please RESET the board"

  explicit StuckWatch(Micros after) : after_(after) {}

  // The console shows a prompt or a message of that kind.
  void seen(const Rule& rule, std::string title, std::uint64_t line_begin, std::string_view text,
            MonoTime now, std::uint64_t number);
  // Any other line; `line_begin` tells a prompt that goes on because somebody types.
  void line(std::uint64_t line_begin, std::string_view text, MonoTime now);
  void typed(MonoTime now);
  void leave() { armed_ = false; }
  MonoTime due() const { return armed_ ? due_ : MonoTime::max(); }

  const std::string& rule() const { return rule_; }
  const std::string& title() const { return title_; }
  Severity severity() const { return severity_; }
  std::uint64_t number() const { return number_; }

 private:
  Micros after_;
  bool armed_ = false;
  MonoTime due_{};
  MonoTime operator_until_{};
  std::string rule_;
  std::string title_;
  Severity severity_{};
  std::uint64_t begin_ = 0;
  std::uint64_t number_ = 0;
  std::size_t length_ = 0;
  int lines_left_ = 0;
};

}  // namespace lastgasp
