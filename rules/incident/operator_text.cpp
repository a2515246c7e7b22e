#include "rules/incident/operator_text.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

#include "rules/engine/characters.h"

namespace lastgasp {
namespace {

std::string_view first_word(std::string_view& rest) {
  skip_spaces(rest);
  const std::size_t end = std::min(rest.find_first_of(" \t|;"), rest.size());
  const std::string_view word = rest.substr(0, end);
  rest.remove_prefix(end);
  return word;
}

// The command's own name: without what only carries it ("do show", "sudo dmesg", "/bin/cat").
std::string command_name(std::string_view command) {
  std::string_view word = first_word(command);
  static constexpr std::array<std::string_view, 10> kCarriers{
      "do", "sudo", "run", "busybox", "doas", "admin", "local", "time", "watch", "no"};
  while (std::find(kCarriers.begin(), kCarriers.end(), word) != kCarriers.end()) {
    word = first_word(command);
  }
  if (const std::size_t slash = word.rfind('/'); slash != word.npos) {
    word.remove_prefix(slash + 1);
  }
  std::string name(word);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return name;
}

template <std::size_t N>
bool is_among(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// "file show /var/log/messages", "diagnose debug crashlog read", "request support information".
bool shows_by_its_words(std::string_view command) {
  static constexpr std::array<std::string_view, 6> kOfMany{"file",    "diagnose", "diag",
                                                           "execute", "request",  "debug"};
  static constexpr std::array<std::string_view, 8> kWords{
      " show", " read", " list", " log", " display", " support", " history", " view"};
  return is_among(kOfMany, command_name(command)) &&
         std::any_of(kWords.begin(), kWords.end(),
                     [&](std::string_view word) { return command.find(word) != command.npos; });
}

}  // namespace

bool is_showing_command(std::string_view command) {
  static constexpr std::array<std::string_view, 48> kShowing{
      "show",    "sh",    "sho",   "display", "dis",        "dmesg",   "more",    "less",
      "most",    "cat",   "tac",   "head",    "tail",       "grep",    "egrep",   "fgrep",
      "zgrep",   "zcat",  "awk",   "sed",     "journalctl", "logread", "log",     "logs",
      "history", "get",   "print", "view",    "vi",         "vim",     "strings", "last",
      "diff",    "dir",   "type",  "pager",   "hexdump",    "xxd",     "od",      "coredumpctl",
      "rg",      "zless", "xzcat", "bzcat",   "man",        "help",    "nl",      "cut"};
  return is_among(kShowing, command_name(command)) || shows_by_its_words(command);
}

bool is_reboot_command(std::string_view command) {
  static constexpr std::array<std::string_view, 9> kRebooting{
      "reload", "reboot", "reset", "halt", "poweroff", "shutdown", "init", "kexec", "boot"};
  const std::string name = command_name(command);
  if (name == "init") {
    return command.find(" 6") != command.npos || command.find(" 0") != command.npos;
  }
  if (name == "request" || name == "systemctl" || name == "system" || name == "execute") {
    return command.find("reboot") != command.npos || command.find("halt") != command.npos ||
           command.find("reload") != command.npos || command.find("poweroff") != command.npos;
  }
  return is_among(kRebooting, name);
}

bool is_quoting_command(std::string_view command) {
  const std::string name = command_name(command);
  // Of a configuration's commands, those whose argument is a person's text.
  static constexpr std::array<std::string_view, 33> kWithText{
      "echo",     "printf",      "logger", "send",    "wall",     "write",    "description",
      "descr",    "desc",        "banner", "set",     "remark",   "alias",    "username",
      "user",     "snmp-server", "snmp",   "logging", "hostname", "name",     "comment",
      "annotate", "message",     "motd",   "title",   "contact",  "location", "system",
      "event",    "action",      "prompt", "menu",    "macro"};
  return is_among(kWithText, name) || command.starts_with('!') || command.starts_with('#') ||
         is_showing_command(command);
}

bool opens_text(std::string_view command) {
  return command_name(command) == "banner" || command.find("<<") != command.npos;
}

void OperatorText::prompt(std::string_view command, MonoTime now) {
  quoting_ = is_showing_command(command) || opens_text(command);
  if (quoting_) {
    command_ = command;
  }
  paging_ = false;
  last_ = now;
}

void OperatorText::line(std::string_view text, bool partial, MonoTime now) {
  if (!quoting_) {
    return;
  }
  last_ = now;
  static constexpr std::array<std::string_view, 7> kPagers{
      "--More--", "-- More --", "---(more", "(END)", "--more--", "<--- More", "Press any key"};
  paging_ = partial && std::any_of(kPagers.begin(), kPagers.end(), [&](std::string_view pager) {
              return text.find(pager) != text.npos;
            });
}

MonoTime OperatorText::quiet_at() const {
  return quoting_ && !paging_ ? last_ + kQuiet : MonoTime::max();
}

}  // namespace lastgasp
