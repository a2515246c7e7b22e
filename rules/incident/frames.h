// Function names out of stack dumps as kernels print them: Linux (x86, arm, arm64, mips, ppc,
// riscv, s390), FreeBSD and Junos, OpenBSD, NetBSD. Pure; reads one line at a time.
#pragma once

#include <optional>
#include <string_view>

namespace lastgasp {

// A console line without what stands in front of the message: level "<4>", time "[   12.345678]",
// syslog's "kernel: ".
struct Message {
  std::string_view caller;  // "T123" or "C0" when the kernel names who prints; else empty
  std::string_view text;
  std::string_view timed;  // with the time since the boot, in microseconds, in front; else empty
};
Message message_of(std::string_view line);

struct StackFrame {
  std::string_view function;  // within the line, without offset, module and compiler's suffixes
  bool certain = true;        // false for "? fn+0x1/0x2": left over on the stack
  bool faulted = false;       // of the register that points at the instruction
};
// `text` is a message. Nothing when the line is no frame, or of user space.
std::optional<StackFrame> frame_in(std::string_view text);

}  // namespace lastgasp
