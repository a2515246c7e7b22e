// How this server is protected: TLS, users, and what each may do. Plain values; the application
// reads them from its files.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "exporters/web/role.h"

namespace lastgasp {

struct Account {
  std::string name;
  std::string hash;  // bcrypt, see password.h
  Role role = Role::view;
};

struct TlsSettings {
  std::string certificates, key;  // PEM: the server's own first, then those that vouch for it
  bool tls13_only = false;        // else 1.2 as well
  std::filesystem::path certificate_file, key_file;  // where both came from
};

struct WebAccess {
  std::optional<TlsSettings> tls;  // none: plain HTTP
  std::vector<Account> accounts;   // none: whoever reaches the server may do everything
};

}  // namespace lastgasp
