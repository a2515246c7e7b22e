// What an operator's own commands print is no news: `show logging` and `dmesg` repeat old crashes.
// Pure; one for each console.
#pragma once

#include <string>
#include <string_view>

#include "collector/core/clock.h"

namespace lastgasp {

// Whether the command only shows what is already known ("show log", "dmesg | tail", "grep panic
// x").
bool is_showing_command(std::string_view command);
// Whether the command, typed as it stands, restarts or halts the system ("reload", "reboot").
bool is_reboot_command(std::string_view command);
// Whether the command line may itself hold a crash's words without one having happened.
bool is_quoting_command(std::string_view command);
// Whether the lines that follow are text a person types: of a banner, of a here-document.
bool opens_text(std::string_view command);

// From a showing command until the next prompt, or until the console was quiet for kQuiet without
// a pager waiting for a key.
class OperatorText {
 public:
  static constexpr Micros kQuiet{std::chrono::seconds(30)};

  // A prompt, with what the operator typed after it so far.
  void prompt(std::string_view command, MonoTime now);
  // Any other line.
  void line(std::string_view text, bool partial, MonoTime now);
  bool quoting() const { return quoting_; }
  // What is being quoted, or was last.
  std::string_view command() const { return command_; }
  // When quiet would end it; MonoTime::max() while nothing is quoted or a pager waits.
  MonoTime quiet_at() const;
  void end() { quoting_ = paging_ = false; }

 private:
  bool quoting_ = false;
  bool paging_ = false;
  std::string command_;
  MonoTime last_{};
};

}  // namespace lastgasp
