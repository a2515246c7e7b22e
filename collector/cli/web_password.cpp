#include <memory>

#include "collector/cli/ask_password.h"
#include "collector/cli/commands.h"
#include "collector/cli/terminal.h"
#include "collector/core/error.h"
#include "exporters/web/password.h"

namespace lastgasp {
namespace {

constexpr std::size_t kMostBytes = 72;  // bcrypt reads no further

int web_password(const std::string& name) {
  if (name.empty() || name.find_first_of(":'\"\\\n") != std::string::npos)
    throw Error("a user's name is not empty and has no colon, quote or backslash");
  const auto password = ask_password("Password: ");
  if (password.empty()) throw Error("no password: type one, or give one line on standard input");
  if (password.size() > kMostBytes)
    throw Error("longer than " + std::to_string(kMostBytes) + " bytes, which is all bcrypt reads");
  if (at_terminal() && ask_password("Once more: ") != password)
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
