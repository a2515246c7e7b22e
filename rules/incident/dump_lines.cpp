#include "rules/incident/dump_lines.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

#include "rules/engine/characters.h"
#include "rules/incident/frames.h"

namespace lastgasp {
namespace {

constexpr std::size_t kAddress = 8;  // digits of a bare number that may be an address

// Hexadecimal digits of a value, without "0x"; 0 when `word` is none. A bare number has eight
// digits or sixteen, as registers are printed; shorter ones may be anything.
std::size_t value_digits(std::string_view word) {
  const bool marked = word.size() > 2 && word[0] == '0' && lower(word[1]) == 'x';
  const std::string_view digits = marked ? word.substr(2) : word;
  const bool sized = marked || digits.size() == 8 || digits.size() == 16;
  return sized && std::all_of(digits.begin(), digits.end(), is_hex) ? digits.size() : 0;
}

enum class Register : std::uint8_t { none, program_counter, stack, other };

constexpr std::size_t kLongestName = 8;

// A name of at most kLongestName bytes as one number, whatever the case.
constexpr std::uint64_t number_of(std::string_view name) {
  std::uint64_t number = 0;
  for (const char c : name) {
    number = number << 8U | static_cast<unsigned char>(lower(c));
  }
  return number;
}

struct NamedRegister {
  std::uint64_t name = 0;
  Register what = Register::none;
};

// By name.
constexpr auto kNamedRegisters = [] {
  constexpr std::array<std::string_view, 14> kCounters{"pc",  "epc",  "nip",  "eip",  "rip",
                                                       "elr", "mepc", "sepc", "srr0", "npc",
                                                       "iar", "psw",  "era",  "cepc"};
  constexpr std::array<std::string_view, 12> kStacks{"sp", "esp", "rsp",   "usp", "msp", "psp",
                                                     "lr", "ra",  "blink", "pr",  "ssp", "isp"};
  constexpr std::array<std::string_view, 66> kOthers{
      "gp",      "fp",       "tp",     "at",     "ip",    "bp",      "hi",   "lo",       "eax",
      "ebx",     "ecx",      "edx",    "esi",    "edi",   "ebp",     "rax",  "rbx",      "rcx",
      "rdx",     "rsi",      "rdi",    "rbp",    "cpsr",  "spsr",    "psr",  "xpsr",     "apsr",
      "msr",     "ctr",      "xer",    "dar",    "dsisr", "far",     "esr",  "cause",    "status",
      "badva",   "badvaddr", "eflags", "rflags", "efl",   "cr0",     "cr2",  "cr3",      "cr4",
      "mstatus", "mcause",   "mtval",  "scause", "stval", "sstatus", "sar",  "exccause", "excvaddr",
      "lbeg",    "lend",     "lcount", "hfsr",   "cfsr",  "mmfar",   "bfar", "dfsr",     "ifsr",
      "dfar",    "ifar",     "srr1"};
  std::array<NamedRegister, kCounters.size() + kStacks.size() + kOthers.size()> out;
  std::size_t count = 0;
  const auto add = [&](const auto& names, Register what) {
    for (const std::string_view name : names) {
      out[count++] = {number_of(name), what};
    }
  };
  add(kCounters, Register::program_counter);
  add(kStacks, Register::stack);
  add(kOthers, Register::other);
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return out;
}();

Register listed(std::uint64_t name) {
  const auto* const found =
      std::lower_bound(kNamedRegisters.begin(), kNamedRegisters.end(), name,
                       [](const NamedRegister& known, std::uint64_t n) { return known.name < n; });
  return found != kNamedRegisters.end() && found->name == name ? found->what : Register::none;
}

// "r12", "x0", "gpr31": one of the letters registers are counted by, and a number.
bool is_numbered_register(std::string_view name) {
  if (name.starts_with("gpr")) {
    name.remove_prefix(2);
  }
  static constexpr std::string_view kLetters = "rxwasdtvkgoli";
  return (name.size() == 2 || name.size() == 3) && kLetters.find(name[0]) != kLetters.npos &&
         std::all_of(name.begin() + 1, name.end(), is_digit);
}

Register register_named(std::string_view word, std::string_view before) {
  if (word.size() > kLongestName) {
    return Register::none;
  }
  if (const Register known = listed(number_of(word)); known != Register::none) {
    return known;
  }
  std::array<char, kLongestName> buffer{};
  std::transform(word.begin(), word.end(), buffer.begin(), lower);
  const std::string_view name(buffer.data(), word.size());
  if (name == "pointer" || name == "counter" || name == "register") {
    const std::string_view what = before.empty() ? before : before.substr(1);  // of any case
    return what == "rogram" || what == "nstruction"            ? Register::program_counter
           : what == "tack" || what == "ink" || what == "rame" ? Register::stack
                                                               : Register::none;
  }
  if (name.starts_with("elr_el")) {
    return Register::program_counter;
  }
  if (name.starts_with("sp_el")) {
    return Register::stack;
  }
  return is_numbered_register(name) ? Register::other : Register::none;
}

// The words of a line, one after the other, with what stands between them.
class Words {
 public:
  explicit Words(std::string_view text) : text_(text) {}

  bool next() {
    const std::size_t from = at_;
    while (at_ < text_.size() && !in_word(text_[at_])) {
      ++at_;
    }
    between = text_.substr(from, at_ - from);
    const std::size_t begin = at_;
    while (at_ < text_.size() && in_word(text_[at_])) {
      ++at_;
    }
    word = text_.substr(begin, at_ - begin);
    return !word.empty();
  }
  std::string_view rest() const { return text_.substr(at_); }

  std::string_view between, word;

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

// Whether what stands between a register's name and a number makes the number its value.
bool gives_value(std::string_view between) {
  return between.size() <= 14 && between.find_first_not_of(" \t:=([<-") == between.npos;
}

void count_registers(std::string_view text, DumpWords& out) {
  Words words(text);
  std::string_view name, before_name;
  while (words.next()) {
    const bool segment = !name.empty() && words.word.size() <= 4 && is_digit(words.word[0]) &&
                         words.rest().starts_with(":") &&
                         std::all_of(words.word.begin(), words.word.end(), is_hex);
    if (segment) {
      continue;  // "EIP: 0060:[<c0123456>]"
    }
    if (value_digits(words.word) == 0) {
      before_name = name;
      name = words.word;
      continue;
    }
    if (!name.empty() && gives_value(words.between)) {
      const Register named = register_named(name, before_name);
      out.program_counter |= named == Register::program_counter;
      out.stack |= named == Register::stack;
      out.registers += named == Register::other ? 1 : 0;
    }
    name = before_name = {};
  }
}

// Four or more numbers of the same width after a label, as memory and register files are printed.
bool is_hex_row(std::string_view text, DumpWords& out) {
  const std::size_t colon = text.substr(0, 24).find(": ");
  const std::string_view label = colon == text.npos ? std::string_view{} : text.substr(0, colon);
  Words words(colon == text.npos ? text : text.substr(colon + 1));
  std::size_t width = 0;
  std::uint32_t count = 0;
  while (words.next()) {
    const std::size_t size = words.word.size();
    const bool hex = size >= 4 && (value_digits(words.word) > 0 ||
                                   std::all_of(words.word.begin(), words.word.end(), is_hex));
    if (!hex || (width != 0 && size != width)) {
      break;
    }
    width = size;
    ++count;
  }
  if (count < 4) {
    return false;
  }
  const bool of_registers = label.starts_with("GPR") || label.starts_with("$") ||
                            (label.size() >= 2 && is_alpha(label[0]) && is_digit(label[1]));
  out.registers += of_registers && width >= kAddress ? count : 0;
  return true;
}

// "#3 ", "[3] ", "3: ", "frame 3: " off the front.
bool skip_index(std::string_view& s) {
  std::string_view ahead = s;
  if (ahead.starts_with("frame ") || ahead.starts_with("Frame ")) {
    ahead.remove_prefix(6);
  }
  if (!ahead.empty() && (ahead[0] == '#' || ahead[0] == '[')) {
    ahead.remove_prefix(1);
  }
  const std::size_t digits = std::min(ahead.find_first_not_of("0123456789"), ahead.size());
  if (digits == 0 || digits > 3) {
    return false;
  }
  const bool marked = ahead.data() != s.data();
  ahead.remove_prefix(digits);
  const std::size_t mark = std::min(ahead.find_first_not_of("]:)."), ahead.size());
  ahead.remove_prefix(mark);
  if (ahead.empty() || (!marked && mark == 0) || (ahead[0] != ' ' && ahead[0] != '\t')) {
    return false;
  }
  skip_spaces(ahead);
  s = ahead;
  return true;
}

// An address off the front, also in brackets.
bool skip_address(std::string_view& s) {
  std::string_view ahead = s;
  ahead.remove_prefix(std::min(ahead.find_first_not_of("[<("), ahead.size()));
  std::size_t size = 0;
  while (size < ahead.size() && in_word(ahead[size])) {
    ++size;
  }
  if (value_digits(ahead.substr(0, size)) < 5) {
    return false;
  }
  ahead.remove_prefix(size);
  ahead.remove_prefix(std::min(ahead.find_first_not_of(">])"), ahead.size()));
  s = ahead;
  return true;
}

// "name+0x12" anywhere.
bool has_offset(std::string_view s) {
  for (std::size_t at = s.find("+0x"); at != s.npos; at = s.find("+0x", at + 3)) {
    const std::size_t before = s.substr(0, at).find_last_not_of(" )");
    if (before != s.npos && in_word(s[before]) && at + 3 < s.size() && is_hex(s[at + 3])) {
      return true;
    }
  }
  return false;
}

// Where "race=", "race:", "race =", "tack=" or "tack:" is first: the end of a word that a list of
// addresses follows.
std::size_t find_list(std::string_view text) {
  for (std::size_t at = text.find("ac", 1); at != text.npos; at = text.find("ac", at + 1)) {
    std::string_view word = text.substr(at - 1);
    const bool trace = word.starts_with("race");
    if (!trace && !word.starts_with("tack")) {
      continue;
    }
    word.remove_prefix(4);
    if (word.starts_with('=') || word.starts_with(':') || (trace && word.starts_with(" ="))) {
      return at - 1;
    }
  }
  return text.npos;
}

// The addresses in a row after "Backtrace=", "Call trace:", "Call stack:".
bool is_address_list(std::string_view s) {
  std::size_t addresses = 0;
  Words words(s);
  while (words.next()) {
    addresses += value_digits(words.word) >= 5 ? 1 : 0;
  }
  return addresses >= 3;
}

bool is_frame(std::string_view s) {
  skip_spaces(s);
  if (has_offset(s)) {
    return true;
  }
  const bool bracket = s.starts_with("[<") || s.starts_with("([<");
  const bool numbered = skip_index(s);
  for (std::string_view word : {"at ", "in ", "from ", "called from ", "return to ", "-> "}) {
    if (s.starts_with(word)) {
      s.remove_prefix(word.size());
      return skip_address(s);
    }
  }
  if (!skip_address(s)) {
    return numbered && s.size() > 2 && (is_alpha(s[0]) || s[0] == '_') && s.find('(') != s.npos &&
           s.find(')') != s.npos;
  }
  if (numbered || bracket) {
    return true;
  }
  // "80123456 task_main(...)": an address and a function's name.
  skip_spaces(s);
  s.remove_prefix(std::min(s.find_first_not_of(" :<"), s.size()));
  std::size_t name = 0;
  while (name < s.size() && in_word(s[name])) {
    ++name;
  }
  return name >= 3 && !is_digit(s[0]) && name < s.size() && (s[name] == '(' || s[name] == '+');
}

constexpr std::size_t kStep = 16;

// Bit i is whether byte i of a step is a hexadecimal digit.
std::uint64_t hex_digits(const char* step) {
  static_assert(std::endian::native == std::endian::little, "the first byte is the lowest");
  using Bytes [[gnu::vector_size(kStep)]] = unsigned char;
  using Halves [[gnu::vector_size(kStep)]] = std::uint64_t;
  Bytes bytes;
  std::memcpy(&bytes, step, sizeof bytes);
  const auto digits = reinterpret_cast<Halves>((bytes - '0') < 10);
  const auto letters = reinterpret_cast<Halves>(((bytes | 0x20) - 'a') < 6);
  const Halves either = digits | letters;
  const auto bits = [](std::uint64_t eight) {  // bit 8 i to bit i
    return (eight & 0x0101010101010101) * 0x0102040810204080 >> 56;
  };
  return bits(either[0]) | bits(either[1]) << 8;
}

// Whether a bare number of kAddress digits stands in `line`. Without a branch for each byte, since
// nothing about them can be foreseen.
bool has_address(std::string_view line) {
  static_assert(kAddress == 8);
  std::uint64_t recent = 0, runs = 0;  // of the last 64 bytes, the newest highest
  const auto look = [&](const char* step) {
    recent = recent >> kStep | hex_digits(step) << (64 - kStep);
    const std::uint64_t of_two = recent & recent >> 1;
    const std::uint64_t of_four = of_two & of_two >> 2;
    runs |= of_four & of_four >> 4;
  };
  std::size_t at = 0;
  for (; at + kStep <= line.size(); at += kStep) {
    look(line.data() + at);
  }
  if (at < line.size()) {
    char rest[kStep] = {};
    line.copy(rest, sizeof rest, at);
    look(rest);
  }
  return runs != 0;
}

bool has_marked_number(std::string_view line) {
  for (std::size_t x = line.find('x'); x != line.npos; x = line.find('x', x + 1)) {
    if (x > 0 && line[x - 1] == '0') {
      return true;
    }
  }
  return false;
}

}  // namespace

bool may_be_of_dump(std::string_view line) {
  if (has_marked_number(line) || has_address(line)) {
    return true;
  }
  skip_spaces(line);
  return line.size() > 1 && line[0] == '#' && is_digit(line[1]);
}

DumpWords dump_words(std::string_view line) {
  std::string_view text = message_of(line).text;
  DumpWords out;
  skip_spaces(text);
  out.hex_row = is_hex_row(text, out);
  count_registers(text, out);
  const std::size_t list = find_list(text);
  out.frame = list != text.npos ? is_address_list(text.substr(list)) : is_frame(text);
  return out;
}

}  // namespace lastgasp
