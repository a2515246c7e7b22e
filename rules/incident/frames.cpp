#include "rules/incident/frames.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "rules/engine/characters.h"
#include "rules/engine/logger_stamp.h"

namespace lastgasp {
namespace {

bool in_name(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.' || c == '$';
}

bool skip_literal(std::string_view& s, std::string_view literal) {
  if (!s.starts_with(literal)) {
    return false;
  }
  s.remove_prefix(literal.size());
  return true;
}

// "<4>" or "[   12.345678]" or "[ T123]" off the front; the caller goes to `caller`.
bool skip_stamp(std::string_view& s, std::string_view& caller) {
  if (s.size() > 2 && s[0] == '<' && is_digit(s[1])) {
    const std::size_t end = s.find('>');
    if (end < 5) {
      s.remove_prefix(end + 1);
      return true;
    }
    return false;
  }
  if (s.empty() || s[0] != '[') {
    return false;
  }
  const std::size_t end = s.find(']');
  if (end > 20) {
    return false;
  }
  std::string_view inside = s.substr(1, end - 1);
  skip_spaces(inside);
  const bool named = inside.size() > 1 && (inside[0] == 'T' || inside[0] == 'C');
  const std::string_view number = named ? inside.substr(1) : inside;
  const bool time = !named && number.find('.') != number.npos;
  if (number.empty() || (!named && !time) ||
      !std::all_of(number.begin(), number.end(), [](char c) { return is_digit(c) || c == '.'; })) {
    return false;
  }
  if (named) {
    caller = inside;
  }
  s.remove_prefix(end + 1);
  return true;
}

// "[   12.345678]"; the first moments of a boot, when no clock runs yet, tell nothing.
bool is_exact_time(std::string_view stamp) {
  constexpr std::size_t kDecimals = 6;
  const std::size_t point = stamp.find('.');
  const std::size_t end = stamp.find(']');
  return stamp.starts_with('[') && end != stamp.npos && point + kDecimals + 1 == end &&
         stamp.substr(0, end).find_first_of("123456789") != stamp.npos;
}

std::string_view without_suffix(std::string_view name) {
  while (name.starts_with('.')) {  // old ppc64 entry points
    name.remove_prefix(1);
  }
  for (std::string_view suffix : {".isra", ".part", ".cold", ".constprop", ".llvm", ".lto_priv"}) {
    if (const std::size_t at = name.find(suffix); at != name.npos && at > 0) {
      name = name.substr(0, at);
    }
  }
  return name;
}

// "name+0x12" at the front of `s`; empty when it is not that.
std::string_view name_before_offset(std::string_view s) {
  const std::size_t plus = s.find("+0x");
  if (plus == s.npos || plus == 0 || plus + 3 >= s.size() || !is_hex(s[plus + 3])) {
    return {};
  }
  const std::string_view name = s.substr(0, plus);
  if (!std::all_of(name.begin(), name.end(), in_name) || is_digit(name[0])) {
    return {};
  }
  return name;
}

// Addresses, marks of the stack's sort and numbers that stand before a function's name.
bool skip_before_name(std::string_view& s, bool& certain) {
  skip_spaces(s);
  if (s.starts_with("? ")) {
    certain = false;
    s.remove_prefix(2);
    return true;
  }
  const bool bracket = s.starts_with('[') || s.starts_with("([");
  if (bracket || s.starts_with('<')) {
    const std::size_t end = s.find(bracket ? ']' : '>');
    if (end == s.npos || end > 24) {
      return false;
    }
    s.remove_prefix(end + 1);
    skip_literal(s, ">");
    return true;
  }
  if (s.starts_with('(') && s.size() > 1 && in_name(s[1])) {
    s.remove_prefix(1);
    return true;
  }
  std::size_t hex = 0;
  while (hex < s.size() && is_hex(s[hex])) {
    ++hex;
  }
  if (hex >= 8 && hex < s.size() && s[hex] == ' ') {
    s.remove_prefix(hex);
    return true;
  }
  return false;
}

std::optional<StackFrame> linux_frame(std::string_view s) {
  StackFrame frame;
  while (skip_before_name(s, frame.certain)) {
  }
  frame.function = name_before_offset(s);
  if (frame.function.empty()) {
    // arm: "(fn) from [<c0>] (fn2+0x1/0x2)" and "fn from fn2+0x1/0x2"
    std::size_t end = 0;
    while (end < s.size() && in_name(s[end])) {
      ++end;
    }
    const std::string_view rest = s.substr(end);
    if (end == 0 || is_digit(s[0]) || rest.find("+0x") == rest.npos ||
        !(rest.starts_with(") from [<") || rest.starts_with(" from "))) {
      return std::nullopt;
    }
    frame.function = s.substr(0, end);
  }
  return frame;
}

std::optional<StackFrame> fault_register(std::string_view s) {
  static constexpr std::array<std::string_view, 10> kRegisters{
      "RIP",   "EIP",  "IP:",      "PC is at",   "pc :",
      "NIP [", "epc ", "Krnl PSW", "Stopped at", "Stopped in"};
  const auto known = std::find_if(kRegisters.begin(), kRegisters.end(),
                                  [&](std::string_view r) { return s.starts_with(r); });
  if (known == kRegisters.end() || s.starts_with("RIP: 0033:")) {
    return std::nullopt;
  }
  std::size_t begin = s.find("+0x");
  if (begin == s.npos) {
    return std::nullopt;
  }
  while (begin > 0 && in_name(s[begin - 1])) {
    --begin;
  }
  StackFrame frame{.function = name_before_offset(s.substr(begin)), .faulted = true};
  return frame.function.empty() ? std::nullopt : std::optional(frame);
}

// "fn(args) at fn+0x12/frame 0x..", "#0 0xffffffff at fn+0x12", "fn() at netbsd:fn+0x12".
std::optional<StackFrame> bsd_frame(std::string_view s) {
  if (s.empty() || !(in_name(s[0]) || s[0] == '#')) {
    return std::nullopt;
  }
  const std::size_t at = s.starts_with('#') ? s.find(" at ") : s.find(") at ");
  if (at == s.npos) {
    return std::nullopt;
  }
  s.remove_prefix(s.find(" at ", at) + 4);
  skip_literal(s, "netbsd:");
  StackFrame frame{.function = name_before_offset(s)};
  return frame.function.empty() ? std::nullopt : std::optional(frame);
}

}  // namespace

Message message_of(std::string_view line) {
  Message message;
  line = without_logger_stamp(line);
  std::string_view s = line;
  if (const std::size_t kernel = s.substr(0, 80).find("kernel: "); kernel != s.npos) {
    s.remove_prefix(kernel + 8);
  }
  for (bool again = true; again;) {
    std::string_view ahead = s;
    skip_spaces(ahead);
    const std::string_view stamped = ahead;
    const std::string_view caller = message.caller;
    again = skip_stamp(ahead, message.caller);
    if (again) {
      if (message.timed.empty() && message.caller == caller && is_exact_time(stamped)) {
        message.timed = stamped;
      }
      s = ahead;
    }
  }
  if (s.size() < line.size() && s.starts_with(' ')) {
    s.remove_prefix(1);  // the one that parts stamp and message
  }
  message.text = s;
  return message;
}

std::optional<StackFrame> frame_in(std::string_view text) {
  skip_spaces(text);
  std::optional<StackFrame> frame = fault_register(text);
  if (!frame) {
    frame = bsd_frame(text);
  }
  if (!frame) {
    frame = linux_frame(text);
  }
  if (frame) {
    frame->function = without_suffix(frame->function);
  }
  return frame && !frame->function.empty() ? frame : std::nullopt;
}

}  // namespace lastgasp
