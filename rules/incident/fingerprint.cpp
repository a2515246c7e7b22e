#include "rules/incident/fingerprint.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>

#include "rules/engine/characters.h"

namespace lastgasp {
namespace {

constexpr std::string_view kVersion = "2";

// The word that ends right before `out`'s last separators, in lower case: "cpu" of "CPU#", "CPU: ".
std::string word_before(std::string_view out) {
  std::size_t end = out.size();
  while (end > 0 && !in_word(out[end - 1])) {
    if (out.size() - end >= 3) {
      return {};
    }
    --end;
  }
  std::size_t begin = end;
  while (begin > 0 && std::isalpha(static_cast<unsigned char>(out[begin - 1])) &&
         end - begin < 12) {
    --begin;
  }
  std::string word(out.substr(begin, end - begin));
  std::transform(word.begin(), word.end(), word.begin(), lower);
  return word;
}

// Whether a number after `word` says where or who, not what.
bool names_a_place(std::string_view word) {
  static constexpr std::array<std::string_view, 27> kPlaces{
      "cpu",    "cpuid", "pid",  "tid",   "tgid",   "uid",   "jid", "line",   "slot",
      "module", "port",  "fpc",  "pic",   "mic",    "unit",  "bay", "switch", "node",
      "core",   "world", "task", "inode", "sector", "block", "lc",  "rp",     "bank"};
  return std::find(kPlaces.begin(), kPlaces.end(), word) != kPlaces.end();
}

// The parts of a title, one after the other, from `in` to `out`.
class Normaliser {
 public:
  explicit Normaliser(std::string_view title) : in_(title) {}

  std::string run() {
    while (at_ < in_.size()) {
      if (!in_word(in_[at_])) {
        separator();
      } else {
        word();
      }
    }
    while (!out_.empty() && out_.back() == ' ') {
      out_.pop_back();
    }
    return std::move(out_);
  }

 private:
  void separator() {
    const char c = in_[at_++];
    const bool space = c == ' ' || c == '\t';
    if (!space) {
      out_ += c;
    } else if (!out_.empty() && out_.back() != ' ') {
      out_ += ' ';
    }
  }

  void word() {
    const std::size_t begin = at_;
    while (at_ < in_.size() && in_word(in_[at_])) {
      ++at_;
    }
    std::string_view word = in_.substr(begin, at_ - begin);
    if (address_goes_on(word)) {
      out_ += "ADDR";
    } else if (is_hexadecimal(word)) {
      out_ += "HEX";
    } else if (std::all_of(word.begin(), word.end(), is_digit)) {
      out_ += number(word);
    } else if (duration(word)) {
      out_ += 'N';
      out_ += word.back();
    } else {
      name(word);
    }
  }

  // IPv4, IPv6 and MAC addresses, interfaces and versions: numbers joined by one sort of separator.
  bool address_goes_on(std::string_view first) {
    const char by = at_ < in_.size() ? in_[at_] : '\0';
    const auto part = by == ':' || by == '-' ? is_hex : is_digit;
    if ((by != '.' && by != ':' && by != '/' && by != '-') ||
        !std::all_of(first.begin(), first.end(), by == '.' && first.size() == 4 ? is_hex : part)) {
      return false;
    }
    std::size_t end = at_;
    int parts = 1;
    bool digits = std::any_of(first.begin(), first.end(), is_digit);
    while (end < in_.size() && in_[end] == by) {
      std::size_t next = end + 1;
      while (next < in_.size() && is_hex(in_[next])) {
        digits |= is_digit(in_[next]);
        ++next;
      }
      if (next == end + 1 && by != ':') {
        break;
      }
      if (next < in_.size() && in_word(in_[next])) {
        return false;
      }
      end = next;
      ++parts;
    }
    const int least = by == '.' || by == '/' ? 2 : 3;
    if (parts < least || !digits) {
      return false;
    }
    at_ = end;
    return true;
  }

  static bool is_hexadecimal(std::string_view word) {
    if (word.size() > 2 && word[0] == '0' && lower(word[1]) == 'x') {
      return std::all_of(word.begin() + 2, word.end(), is_hex);
    }
    return word.size() >= 8 && std::all_of(word.begin(), word.end(), is_hex) &&
           std::any_of(word.begin(), word.end(), is_digit) &&
           !std::all_of(word.begin(), word.end(), is_digit);
  }

  static bool duration(std::string_view word) {
    return word.size() >= 2 && (word.back() == 's' || word.back() == 'm' || word.back() == 'h') &&
           std::all_of(word.begin(), word.end() - 1, is_digit);
  }

  // A number of its own: kept while it is short and tells what happened.
  std::string_view number(std::string_view digits) const {
    const char before = out_.empty() ? ' ' : out_.back();
    const bool after_name = before == ':' || before == '#' || before == '/';
    std::string_view unit = in_.substr(at_);
    const bool counts = unit.starts_with(" second") || unit.starts_with(" minute") ||
                        unit.starts_with(" byte") || unit.starts_with("-byte") ||
                        unit.starts_with(" time") || unit.starts_with(" jiffies");
    const bool varies =
        digits.size() >= 3 || after_name || counts || names_a_place(word_before(out_));
    return varies ? std::string_view("N") : digits;
  }

  // Letters with digits: the number of a CPU, a disk or an interface, and long numbers, go.
  void name(std::string_view word) {
    const std::size_t tail = word.find_last_not_of("0123456789") + 1;
    const std::string_view stem = word.substr(0, tail);
    static constexpr std::array<std::string_view, 12> kNumbered{
        "cpu", "CPU", "eth", "swapper", "kworker", "card",
        "fpc", "lc",  "LC",  "Slot",    "slot",    "port"};
    const bool numbered = std::find(kNumbered.begin(), kNumbered.end(), stem) != kNumbered.end();
    out_ += stem;
    if (tail < word.size()) {
      out_ += numbered || word.size() - tail >= 5 ? std::string_view("N") : word.substr(tail);
    }
  }

  std::string_view in_;
  std::size_t at_ = 0;
  std::string out_;
};

constexpr std::uint64_t kFnvOffset = 14695981039346656037ULL;
constexpr std::uint64_t kFnvPrime = 1099511628211ULL;

void mix(std::uint64_t& hash, std::string_view part) {
  for (const char c : part) {
    hash = (hash ^ static_cast<unsigned char>(c)) * kFnvPrime;
  }
  hash = (hash ^ 0xff) * kFnvPrime;  // parts do not run into one another
}

std::string_view class_of(Kind kind) {
  return kind == Kind::panic ? name_of(Kind::crash) : name_of(kind);
}

}  // namespace

std::string normalised(std::string_view title) {
  std::string now = Normaliser(title).run();
  for (int round = 0; round < 8; ++round) {
    std::string next = Normaliser(now).run();
    if (next == now) {
      break;
    }
    now = std::move(next);
  }
  return now;
}

std::string fingerprint(std::string_view family, Kind kind, std::string_view title,
                        std::span<const std::string> functions) {
  std::uint64_t hash = kFnvOffset;
  mix(hash, kVersion);
  mix(hash, family);
  mix(hash, class_of(kind));
  mix(hash, normalised(title));
  if (!functions.empty()) {
    mix(hash, functions.front());
  }
  hash ^= hash >> 32;  // FNV's low bits are its weak ones
  hash *= 0xd6e8feb86659fd93ULL;
  hash ^= hash >> 32;
  std::string text(16, '0');
  for (std::size_t i = 16; i-- > 0; hash >>= 4) {
    text[i] = "0123456789abcdef"[hash & 0xf];
  }
  return text;
}

}  // namespace lastgasp
