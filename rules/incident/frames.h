// Function names out of stack dumps as kernels print them: Linux (x86, arm, arm64, mips, ppc,
// riscv, s390), FreeBSD and Junos, OpenBSD, NetBSD. Pure; reads one line at a time.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lastgasp {

// A console line without what stands in front of the message: level "<4>", time "[   12.345678]",
// syslog's "kernel: ".
struct Message {
  std::string_view caller;  // "T123" or "C0" when the kernel names who prints; else empty
  std::string_view text;
};
Message message_of(std::string_view line);

struct StackFrame {
  std::string_view function;  // within the line, without offset, module and compiler's suffixes
  bool certain = true;        // false for "? fn+0x1/0x2": left over on the stack
  bool faulted = false;       // of the register that points at the instruction
};
// `text` is a message. Nothing when the line is no frame, or of user space.
std::optional<StackFrame> frame_in(std::string_view text);

// Whether kernels call this on the way to somewhere else: allocators, copying, locks, sanitizers,
// panic and printk plumbing, trap entry. It is never the function a crash is "in".
bool is_plumbing(std::string_view function);

// The first certain functions of one dump, innermost first.
class FrameCollector {
 public:
  static constexpr std::size_t kMaxFunctions = 8;

  void line(std::string_view line);
  // Nothing after this belongs to the first stack any more, if it has been seen.
  void freeze() { frozen_ = !functions_.empty(); }
  void restart() { *this = {}; }
  // Where a lock was held, when the dump shows no stack.
  const std::vector<std::string>& functions() const {
    return functions_.empty() ? held_at_ : functions_;
  }

 private:
  bool new_section(std::string_view text);
  void lock_line(std::string_view text);
  void add(std::string_view function);

  std::vector<std::string> functions_;
  std::vector<std::string> held_at_;  // at most one
  std::string caller_;
  bool begun_ = false;
  bool frozen_ = false;
  bool trap_seen_ = false;
  bool plumbing_above_ = false;  // a trap: what was above is how the kernel panicked, not why
  int traces_ = 0;
};

}  // namespace lastgasp
