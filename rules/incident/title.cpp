#include "rules/incident/title.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "rules/engine/characters.h"
#include "rules/engine/title.h"
#include "rules/incident/kernel_names.h"

namespace lastgasp {
namespace {

constexpr std::size_t kMaxTitle = 240;

// Whether the word is an address: nobody remembers a crash by it.
bool is_address(std::string_view word) {
  const bool prefixed = word.starts_with("0x");
  const std::string_view digits = prefixed ? word.substr(2) : word;
  const std::size_t least = !prefixed ? 12 : digits.starts_with("000") ? 9 : 8;  // no code or flag
  return digits.size() >= least && std::all_of(digits.begin(), digits.end(), is_hex);
}

std::string without_addresses(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto end = std::find_if_not(text.begin(), text.end(), in_word);
    const std::string_view word = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    out += is_address(word) ? std::string_view("ADDR") : word;
    text.remove_prefix(word.size());
    if (!text.empty()) {
      out += text.front();
      text.remove_prefix(1);
    }
  }
  return out;
}

// One line, single spaces.
std::string tidy(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool space = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (!space) {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  while (!out.empty() && (out.back() == ' ' || out.back() == ':' || out.back() == ',')) {
    out.pop_back();
  }
  return out;
}

std::string filled(std::string_view form, std::span<const Capture> captures) {
  std::string out = tidy(without_addresses(fill_title(form, captures)));
  out.resize(std::min(out.size(), kMaxTitle));
  return out;
}

// The function `title` ends with, as in "... in do_fork"; empty when it ends otherwise.
std::string_view function_at_end(std::string_view title) {
  const std::size_t in = title.rfind(" in ");
  if (in == title.npos) {
    return {};
  }
  const std::string_view name = title.substr(in + 4);
  const bool whole = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.';
  });
  return whole ? name : std::string_view{};
}

bool contains_any(std::string_view text, std::span<const std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view w) { return text.find(w) != text.npos; });
}

}  // namespace

std::string title_of(const RuleHit& hit) {
  return filled(hit.rule->title.empty() ? hit.rule->id : hit.rule->title, hit.captures);
}

std::string title_of(const OpenTitle& title) {
  std::vector<Capture> captures;
  for (const auto& [name, value] : title.captured) {
    captures.push_back({name, value});
  }
  return filled(title.form, captures);
}

std::string with_function(std::string_view title, std::span<const std::string> functions) {
  std::string out(title);
  if (functions.empty()) {
    return out;
  }
  if (const std::string_view named = function_at_end(title); !named.empty()) {
    // A plain word at the end ("in preemptible") is none.
    if (named.find('_') == named.npos && !is_plumbing(named) && named != functions.front()) {
      return out + " in " + functions.front();
    }
    if (is_plumbing(named)) {
      out.resize(out.size() - named.size());
      out += functions.front();
    }
    return out;
  }
  return out + " in " + functions.front();
}

bool is_echo(Kind kind, std::string_view title) {
  static constexpr std::array<std::string_view, 26> kEchoes{"Fatal exception",
                                                            "panic_on_warn",
                                                            "hung_task: blocked",
                                                            "softlockup: hung",
                                                            "kernel: page fault",
                                                            "Fatal machine check",
                                                            "Fatal hardware error",
                                                            "Oops",
                                                            "panic_on_oops",
                                                            "Aiee",
                                                            "Asynchronous SError",
                                                            "Hard LOCKUP",
                                                            "hard lockup",
                                                            "RCU Stall",
                                                            "rcu: panic_on_rcu_stall",
                                                            "panic_on_oom",
                                                            "system-wide panic",
                                                            "Unrecovered exception",
                                                            "trap type",
                                                            "KASAN: panic_on",
                                                            "kfence.fault",
                                                            "KFENCE",
                                                            "UBSAN: panic_on",
                                                            "kernel stack overflow",
                                                            "corrupted stack end detected",
                                                            "Machine Check"};
  if (kind != Kind::panic) {
    return false;
  }
  static constexpr std::array<std::string_view, 7> kWhole{"panic: page fault",
                                                          "panic: general protection fault",
                                                          "panic: trap",
                                                          "panic: fault",
                                                          "panic: double fault",
                                                          "panic: integer divide fault",
                                                          "panic: privileged instruction fault"};
  const auto ends = [&](std::string_view whole) { return title.ends_with(whole); };
  return contains_any(title, kEchoes) || std::any_of(kWhole.begin(), kWhole.end(), ends);
}

int gravity(Kind kind) {
  static constexpr std::array<Kind, 10> kFromLight{
      Kind::environment, Kind::kernel_warning, Kind::storage, Kind::process_crash, Kind::oom,
      Kind::hardware,    Kind::watchdog,       Kind::hang,    Kind::crash,         Kind::panic};
  const auto at = std::find(kFromLight.begin(), kFromLight.end(), kind);
  return at == kFromLight.end() ? -1 : static_cast<int>(at - kFromLight.begin());
}

bool is_fatal(Kind kind) { return gravity(kind) >= gravity(Kind::watchdog); }

}  // namespace lastgasp
