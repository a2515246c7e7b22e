#include "rules/incident/dump_capture.h"

#include <algorithm>
#include <array>

#include "rules/engine/characters.h"
#include "rules/engine/logger_stamp.h"
#include "rules/incident/dump_expression.h"
#include "rules/incident/frames.h"

namespace lastgasp {
namespace {

// Whether a number of 8 or more hex digits stands in `s`.
bool has_long_hex(std::string_view s) {
  std::size_t run = 0;
  bool digit = false;
  for (const char c : s) {
    if (is_hex(c)) {
      ++run;
      digit |= c >= '0' && c <= '9';
      if (run >= 8 && digit) {
        return true;
      }
    } else {
      run = 0;
      digit = false;
    }
  }
  return false;
}

// "Call Trace:", "CPU: 0 PID: 1", "GPR00:": a short name and a colon or an equals sign.
bool has_known_word(std::string_view s) {
  static constexpr std::array<std::string_view, 44> kWords{"Call Trace",
                                                           "Call trace",
                                                           "Backtrace",
                                                           "Traceback",
                                                           "CPU:",
                                                           "Modules linked in",
                                                           "Hardware name",
                                                           "Code:",
                                                           "TASK>",
                                                           "IRQ>",
                                                           "NMI>",
                                                           "Comm:",
                                                           "Tainted",
                                                           "tainted",
                                                           "---[",
                                                           "cut here",
                                                           "Oops",
                                                           "Kernel panic",
                                                           "panic:",
                                                           "Rebooting in",
                                                           "Kernel Offset",
                                                           "Dumping",
                                                           "Dump complete",
                                                           "cpuid",
                                                           "KDB:",
                                                           "Uptime:",
                                                           "trap number",
                                                           "current process",
                                                           "processor eflags",
                                                           "frame pointer",
                                                           "stack pointer",
                                                           "Stack:",
                                                           "stack backtrace",
                                                           "Mem-Info",
                                                           "Node 0",
                                                           "pages",
                                                           "kB",
                                                           "Stopped at",
                                                           "end trace frame",
                                                           "Register",
                                                           "register",
                                                           "jiffies",
                                                           "PSTATE",
                                                           "Automatic reboot"};
  return std::any_of(kWords.begin(), kWords.end(),
                     [&](std::string_view word) { return s.find(word) != s.npos; });
}

}  // namespace

bool looks_like_dump(std::string_view line) {
  const std::string_view text = message_of(line).text;
  if (text.empty()) {
    return true;  // dumps have paragraphs
  }
  if (text[0] == ' ' || text[0] == '\t' || text[0] == '#' || text[0] == '=' || text[0] == '[') {
    return true;
  }
  return text.find("0x") != text.npos || has_long_hex(text) || has_known_word(text);
}

DumpCapture::DumpCapture(const DumpShape& shape, MonoTime now) : began_(now), last_(now) {
  extend(shape, now);
}

void DumpCapture::extend(const DumpShape& shape, MonoTime now) {
  if (auto end = dump_expression(shape.until)) {
    end_ = std::move(end);
    ended_ = false;
  }
  idle_ = std::max(idle_, shape.idle);
  lines_left_ = std::max(lines_left_, shape.lines);
  strangers_ = 0;
  last_ = now;
}

DumpCapture::Step DumpCapture::line(std::string_view text, MonoTime now) {
  if (lines_left_ == 0 || now - began_ > kLongest || now >= due()) {
    return Step::over;
  }
  --lines_left_;
  last_ = now;
  if (end_ && !ended_ && end_->matches(without_logger_stamp(text))) {
    ended_ = true;
    strangers_ = 0;
    lines_left_ = std::min(lines_left_, kTailLines);
    return Step::belongs;
  }
  if (looks_like_dump(text)) {
    strangers_ = 0;
    return Step::belongs;
  }
  if (ended_) {
    return Step::over;
  }
  if (strangers_ >= (end_ ? kStrangersBeforeEnd : kStrangersEnd)) {
    return Step::over;
  }
  ++strangers_;
  return Step::stranger;
}

MonoTime DumpCapture::due() const { return last_ + (ended_ ? kTailIdle : idle_); }

}  // namespace lastgasp
