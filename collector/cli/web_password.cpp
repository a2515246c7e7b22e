#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <memory>

#include "collector/cli/commands.h"
#include "collector/cli/terminal.h"
#include "collector/core/error.h"
#include "exporters/web/password.h"

namespace lastgasp {
namespace {

constexpr std::size_t kMostBytes = 72;  // bcrypt reads no further

// The terminal shows nothing of what is typed while this lives.
class NoEcho {
 public:
  NoEcho() : active_(::tcgetattr(STDIN_FILENO, &before_) == 0) {
    if (!active_) return;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
  }
  ~NoEcho() {
    if (!active_) return;
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    std::fputc('\n', stderr);
  }
  NoEcho(const NoEcho&) = delete;
  NoEcho& operator=(const NoEcho&) = delete;

 private:
  termios before_{};
  bool active_;
};

std::string read_password(const char* prompt) {
  const bool terminal = ::isatty(STDIN_FILENO) == 1;
  if (terminal) std::fputs(prompt, stderr);
  const NoEcho quiet;
  std::string password;
  std::getline(std::cin, password);
  return password;
}

int web_password(const std::string& name) {
  if (name.empty() || name.find_first_of(":'\"\\\n") != std::string::npos)
    throw Error("a user's name is not empty and has no colon, quote or backslash");
  const auto password = read_password("Password: ");
  if (password.empty()) throw Error("no password: type one, or give one line on standard input");
  if (password.size() > kMostBytes)
    throw Error("longer than " + std::to_string(kMostBytes) + " bytes, which is all bcrypt reads");
  if (::isatty(STDIN_FILENO) == 1 && read_password("Once more: ") != password)
    throw Error("the two are not the same");
  print_line("'" + name + "': '" + password_hash(password) + "'");
  return kFound;
}

}  // namespace

void add_web_password(CLI::App& program, Chosen& chosen) {
  auto name = std::make_shared<std::string>();
  auto* command = program.add_subcommand(
      "web-password", "Ask for a password, print the user's line for basic_auth_users");
  command->add_option("name", *name, "Who logs in with it")->required();
  command->callback([name, &chosen] { chosen = [name] { return web_password(*name); }; });
}

}  // namespace lastgasp
