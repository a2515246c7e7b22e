#include "rules/incident/stack_dump.h"

#include <algorithm>
#include <array>
#include <span>

#include "rules/incident/frames.h"
#include "rules/incident/kernel_names.h"

namespace lastgasp {
namespace {

bool starts_with_any(std::string_view text, std::span<const std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return text.starts_with(word); });
}

bool heads_trace(std::string_view text) {
  static constexpr std::array<std::string_view, 5> kHeadings{
      "Call Trace:", "Call trace:", "Backtrace:", "Starting stack trace", "KDB: stack backtrace"};
  return starts_with_any(text, kHeadings);
}

// Registers come first, then the trace.
bool heads_processor(std::string_view text) {
  static constexpr std::array<std::string_view, 3> kHeadings{"NMI backtrace for cpu",
                                                             "task:", "Task dump for CPU"};
  return starts_with_any(text, kHeadings);
}

// The stack of an event that helps to understand the one at hand, or the same once more.
bool heads_other(std::string_view text) {
  static constexpr std::array<std::string_view, 9> kOthers{
      "---[ end trace", "Allocated by task",        "Freed by task",     "Allocated:",   "Freed:",
      "Uninit was ",    "Last potentially related", "allocated by task", "freed by task"};
  return starts_with_any(text, kOthers) || text.find("> trace") != text.npos;
}

std::vector<std::string> culprits(std::span<const std::string> frames) {
  std::vector<std::string> out;
  for (const std::string& frame : frames) {
    if (out.size() < StackDump::kMaxFunctions && !is_plumbing(frame) &&
        (out.empty() || out.back() != frame)) {
      out.push_back(frame);
    }
  }
  return out;
}

// A processor that goes round somewhere is seen in another function each time: what was handed the
// processor is the same.
std::vector<std::string> entry(std::span<const std::string> frames) {
  std::string_view below;
  for (const std::string& frame : frames) {
    if (const std::string_view crossing = cross_call(frame); !crossing.empty()) {
      return {std::string(crossing)};
    }
    if (hands_over(frame)) {
      if (!below.empty()) {
        return {std::string(below)};
      }
    } else if (const std::string_view call = system_call(frame); !call.empty()) {
      return {"sys_" + std::string(call)};
    } else if (!is_plumbing(frame)) {
      below = frame;
    }
  }
  return {};
}

}  // namespace

void StackDump::begin_stack(bool trace) {
  if (stacks_.back().traced || elsewhere_) {
    if (stacks_.size() >= kMaxStacks) {
      frozen_ = true;
      return;
    }
    stacks_.emplace_back();
  }
  elsewhere_ = false;
  stacks_.back().traced |= trace;
  stacks_.back().of_processor |= !trace;
}

// Whether the line is of who began the dump. Others may say what they like, but not dump.
bool StackDump::speaks(const Message& message) {
  if (!begun_) {
    begun_ = true;
    caller_ = message.caller;
  }
  const bool own = caller_.empty() || message.caller == caller_;
  returns_ += own && strayed_;
  strayed_ = !own && (strayed_ || heads_trace(message.text) || frame_in(message.text));
  return own;
}

// "CPU: 3 PID: 85 Comm: bgpd ...": one dump has one such line, until it is over.
void StackDump::processor_line(std::string_view text) {
  const std::string_view cpu = text.substr(0, text.find(' ', 5));
  other_cpu_ |= !cpu_.empty() && cpu != cpu_;
  cpu_ = cpu;
}

void StackDump::line(std::string_view line) {
  const Message message = message_of(line);
  const std::string_view text = message.text;
  if (!speaks(message)) {
    return;
  }
  if (from_ && !found_from_ && from_->matches(text)) {
    found_from_ = true;
    stacks_.assign(1, {});
    frozen_ = elsewhere_ = false;
  } else if (frozen_) {
    return;
  } else if (text.starts_with("--- trap") && !trap_seen_ && text.find("rip = 0,") == text.npos) {
    trap_seen_ = panic_above_ = true;
  } else if (heads_other(text)) {
    elsewhere_ = true;
  } else if (heads_trace(text) || heads_processor(text)) {
    begin_stack(heads_trace(text));
  } else if (elsewhere_) {
    return;
  } else if (text.starts_with("CPU: ") && !stacks_.back().of_processor) {
    processor_line(text);
  } else if (text.ends_with("disabled at:")) {
    skip_next_ = true;
  } else if (text.find(" at: ") != text.npos) {
    lock_line(text);
  } else if (const auto frame = frame_in(text); frame && frame->certain && !skip_next_) {
    add(frame->function);
  } else {
    skip_next_ = false;
  }
}

// "(&lock){+.+.}, at: fn+0x1/0x2": where a lock is taken, or, in a list "#0: ...", was taken.
void StackDump::lock_line(std::string_view text) {
  const auto frame = frame_in(text.substr(text.find(" at: ") + 5));
  if (!frame) {
    return;
  }
  if (text.find('#') == text.npos || found_from_) {
    add(frame->function);
  } else if (held_at_.empty() && !is_plumbing(frame->function)) {
    held_at_.emplace_back(frame->function);
  }
}

void StackDump::add(std::string_view function) {
  if (panic_above_) {
    panic_above_ =
        is_plumbing(function);  // nothing but the trap's own functions: keep what is above
    if (!panic_above_) {
      stacks_.back().frames.clear();
    }
  }
  if (stacks_.back().frames.size() < kMaxFrames) {
    stacks_.back().frames.emplace_back(function);
  }
}

std::vector<std::string> StackDump::functions(Blame blame) const {
  if (blame == Blame::nobody) {
    return {};
  }
  if (blame == Blame::entry) {
    for (const Stack& stack : stacks_) {
      if (auto found = entry(stack.frames); !found.empty()) {
        return found;
      }
    }
  }
  for (const Stack& stack : stacks_) {
    if (auto found = culprits(stack.frames); !found.empty()) {
      return found;
    }
  }
  return held_at_;
}

}  // namespace lastgasp
