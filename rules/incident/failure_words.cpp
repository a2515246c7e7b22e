#include "rules/incident/failure_words.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "rules/engine/characters.h"
#include "rules/incident/frames.h"

namespace lastgasp {
namespace {

constexpr std::size_t kMaxRead = 240;  // bytes of a line that are looked at
constexpr std::size_t kMaxShapeTitle = 120;
constexpr std::size_t kLongestPrompt = 48;

// What a prompt's name is made of.
bool in_prompt(char c) {
  static constexpr std::array<bool, 256> kTable =
      table_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.@:~/()[]*=");
  return kTable[static_cast<unsigned char>(c)];
}

// "sysrq: " or "SysRq : ".
bool asks_kernel(std::string_view head) {
  constexpr std::size_t kBefore = 4;  // the letters before 'q'
  for (std::size_t q = head.find('q', kBefore); q != head.npos; q = head.find('q', q + 1)) {
    const std::string_view word = head.substr(q - kBefore);
    if (word.starts_with("sysrq: ") || word.starts_with("SysRq : ")) {
      return true;
    }
  }
  return false;
}

std::string lowered(std::string_view text) {
  std::string out(text.substr(0, kMaxRead));
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

constexpr std::array<std::string_view, 29> kStrong{"exception",
                                                   "abort",
                                                   "panic",
                                                   "assert",
                                                   "crash",
                                                   "fatal",
                                                   "fault",
                                                   "segmentation",
                                                   "sigsegv",
                                                   "sigbus",
                                                   "sigabrt",
                                                   "segv",
                                                   "oops",
                                                   "illegal instr",
                                                   "undefined instr",
                                                   "invalid opcode",
                                                   "unhandled",
                                                   "core dump",
                                                   "double free",
                                                   "stack overflow",
                                                   "bus error",
                                                   "access violation",
                                                   "unrecoverable",
                                                   "null pointer",
                                                   "use-after-free",
                                                   "out-of-bounds",
                                                   "bug:",
                                                   "segfault",
                                                   "lockup"};
constexpr std::array<std::string_view, 11> kWeak{
    "backtrace", "traceback", "call stack", "stack trace", "trap", "signal",
    "watchdog",  "corrupt",   "overflow",   "halted",      "died"};

// A word that begins at `at`: "default" and "bootstrap" hold no fault and no trap, "HardFault"
// does.
bool begins_word(std::string_view text, std::size_t at) {
  if (at == 0 || std::isalnum(static_cast<unsigned char>(text[at - 1])) == 0) {
    return true;
  }
  return std::islower(static_cast<unsigned char>(text[at - 1])) != 0 &&
         std::isupper(static_cast<unsigned char>(text[at])) != 0;
}

// "watchdog timer enabled", "panic=10", "no exceptions", "crashkernel": no failure, only its name.
bool only_named(std::string_view low, std::size_t at, std::size_t size) {
  const std::string_view after = low.substr(at + size, 28);
  const std::string_view before = low.substr(at > 8 ? at - 8 : 0, std::min<std::size_t>(at, 8));
  static constexpr std::array<std::string_view, 18> kAfter{
      "=",        "enabled", "disabled", "handling",  "support", "configured",
      "register", "install", "initiali", "toleran",   "counter", "kernel",
      "info",     "timer",   "njection", "isolation", "s: 0",    "recovery"};
  static constexpr std::array<std::string_view, 4> kBefore{" no ", "not ", "without ", "debug "};
  const std::string_view near = after.substr(0, after.find_first_of(".;"));
  return std::any_of(kAfter.begin(), kAfter.end(),
                     [&](std::string_view w) {
                       return w == "=" || w == "kernel" || w == "info" ? near.starts_with(w)
                                                                       : near.find(w) != near.npos;
                     }) ||
         before.starts_with("no ") ||
         std::any_of(kBefore.begin(), kBefore.end(),
                     [&](std::string_view w) { return before.ends_with(w); });
}

template <std::size_t N>
bool says(std::string_view text, std::string_view low,
          const std::array<std::string_view, N>& words) {
  for (const std::string_view word : words) {
    for (std::size_t at = low.find(word); at != low.npos; at = low.find(word, at + 1)) {
      if (begins_word(text, at) && !only_named(low, at, word.size())) {
        return true;
      }
    }
  }
  return false;
}

bool is_month_or_day(std::string_view word) {
  static constexpr std::array<std::string_view, 19> kNames{
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct",
      "Nov", "Dec", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  return std::find(kNames.begin(), kNames.end(), word.substr(0, 3)) != kNames.end() &&
         word.size() <= 4;
}

// Dates, times and what stands among them off the front.
std::string_view without_stamp(std::string_view text) {
  bool dated = false;
  while (!text.empty()) {
    const std::size_t begin = std::min(text.find_first_not_of(" \t*.[("), text.size());
    const std::size_t end = std::min(text.find_first_of(" \t", begin), text.size());
    const std::string_view word = text.substr(begin, end - begin);
    const bool clock = word.size() >= 3 && is_digit(word[0]) &&
                       word.find_first_not_of("0123456789:.-/,TZ+])%") == word.npos &&
                       word.find_first_of(":-/.") < word.size() - 1;
    const bool number = dated && !word.empty() && word.size() <= 5 &&
                        word.find_first_not_of("0123456789,:]") == word.npos;
    const bool zone = dated && (word.starts_with("UTC") || word.starts_with("GMT"));
    if (!clock && !number && !zone && !is_month_or_day(word)) {
      break;
    }
    dated = true;
    text.remove_prefix(end);
  }
  return text;
}

std::string_view stripped(std::string_view text, std::string_view marks) {
  const std::size_t begin = text.find_first_not_of(marks);
  if (begin == text.npos) {
    return {};
  }
  return text.substr(begin, text.find_last_not_of(marks) - begin + 1);
}

// Where the next address in `text` begins; npos when there is none.
std::size_t find_address(std::string_view text, std::size_t from, std::size_t& size) {
  for (std::size_t at = from; at < text.size(); at += std::max<std::size_t>(size, 1)) {
    size = 0;
    while (at + size < text.size() && in_word(text[at + size])) {
      ++size;
    }
    const std::string_view word = text.substr(at, size);
    const bool marked = word.size() > 6 && word[0] == '0' && (word[1] == 'x' || word[1] == 'X');
    const std::string_view digits = marked ? word.substr(2) : word;
    if ((marked || word.size() >= 8) && std::all_of(digits.begin(), digits.end(), is_hex)) {
      return at;
    }
  }
  return text.npos;
}

// What comes before the first address, without the words that lead to it.
std::string_view before_address(std::string_view text) {
  std::size_t size = 0;
  text = text.substr(0, find_address(text, 0, size));
  static constexpr std::array<std::string_view, 16> kLeading{
      "at",  "address", "addr", "pc",   "lr",  "from", "in",      "ip",
      "epc", "sp",      "PC",   "with", "and", "to",   "Address", "esr"};
  for (;;) {
    text = text.substr(0, text.find_last_not_of(" \t:=,;(-[@<") + 1);
    const std::size_t space = text.find_last_of(" \t");
    const std::string_view last = space == text.npos ? text : text.substr(space + 1);
    if (space == text.npos || std::find(kLeading.begin(), kLeading.end(), last) == kLeading.end()) {
      return text;
    }
    text = text.substr(0, space);
  }
}

}  // namespace

Failure failure_in(std::string_view line) {
  const std::string_view text = message_of(line).text.substr(0, kMaxRead);
  const std::string low = lowered(text);
  return says(text, low, kStrong) ? Failure::strong
         : says(text, low, kWeak) ? Failure::weak
                                  : Failure::none;
}

std::string title_from(std::string_view line) {
  static constexpr std::string_view kMarks = " \t*!#=<>|+~-.:,";
  const std::string_view text =
      stripped(without_stamp(stripped(message_of(line).text, " \t")), kMarks);
  constexpr std::size_t kTelling = 8;
  std::string out(before_address(text));
  if (out.size() < kTelling) {
    out = text;
    std::size_t size = 0;
    for (std::size_t at = find_address(out, 0, size); at != out.npos;
         at = find_address(out, at + 4, size)) {
      out.replace(at, size, "ADDR");
    }
  }
  if (out.size() > kMaxShapeTitle) {
    const std::size_t space = out.rfind(' ', kMaxShapeTitle);
    out.resize(space == out.npos || space < kMaxShapeTitle / 2 ? kMaxShapeTitle : space);
  }
  return out;
}

std::optional<std::string_view> typed_command(std::string_view line) {
  const std::string_view head = line.substr(0, kLongestPrompt);
  if (asks_kernel(head)) {
    return line;
  }
  std::size_t sign = 0;
  while (sign < head.size() && in_prompt(head[sign])) {
    ++sign;
  }
  if (sign == head.size() || std::string_view("#>$%").find(head[sign]) == std::string_view::npos) {
    return std::nullopt;
  }
  const std::string_view host = line.substr(0, sign);
  const bool named = host.empty() || std::any_of(host.begin(), host.end(),
                                                 [](char c) { return !is_digit(c) && c != '.'; });
  const bool arrow = host.ends_with('-') || host.ends_with('=');
  if (!named || (arrow && host.size() > 1)) {
    return std::nullopt;
  }
  std::string_view command = line.substr(sign + 1);
  const bool spaced = command.starts_with(' ');
  if (!spaced && (host.empty() || arrow || line[sign] == '$' || line[sign] == '%')) {
    return std::nullopt;
  }
  command.remove_prefix(std::min(command.find_first_not_of(' '), command.size()));
  if (command.empty() || !(is_alpha(command[0]) || command[0] == '/' || command[0] == '.')) {
    return std::nullopt;
  }
  return command;
}

}  // namespace lastgasp
