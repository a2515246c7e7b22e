#include "collector/app/web_access.h"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <tuple>

#include "exporters/web/password.h"
#include "exporters/web/tls.h"
#include "rules/engine/yaml_section.h"

namespace lastgasp {
namespace {

std::string content_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw Error(errno_text("cannot read " + file.string(), errno));
  std::string text(std::istreambuf_iterator<char>(in), {});
  if (text.empty()) throw Error(file.string() + " is empty");
  return text;
}

// The file of this name and what it holds.
std::pair<std::filesystem::path, std::string> file_of(const YamlValue& name) {
  const auto file = std::filesystem::path(name.file()).parent_path() / name.text();
  try {
    return {file, content_of(file)};
  } catch (const Error& error) {
    name.fail(std::string("does not do: ") + error.what());
  }
}

// Keys that exporters take and this server does not: silence would be taken for protection.
void refuse_unsupported(const YamlSection& section, std::span<const std::string_view> keys) {
  for (const auto key : keys)
    if (const auto value = section.find(key))
      value->fail("is not supported here; leave it out, or put a proxy in front that does it");
}

bool only_tls13(const YamlSection& section) {
  const auto least = section.find("min_version");
  if (!least) return false;
  const auto version = least->text();
  if (version != "TLS12" && version != "TLS13") least->fail("must be TLS12 or TLS13");
  return version == "TLS13";
}

TlsSettings tls_of(const YamlValue& value) {
  static constexpr std::string_view unsupported[] = {"cert",
                                                     "key",
                                                     "client_ca",
                                                     "client_ca_file",
                                                     "max_version",
                                                     "client_allowed_sans",
                                                     "cipher_suites",
                                                     "prefer_server_cipher_suites",
                                                     "curve_preferences"};
  std::vector<std::string_view> keys{"cert_file", "key_file", "client_auth_type", "min_version"};
  keys.insert(keys.end(), std::begin(unsupported), std::end(unsupported));
  const YamlSection section(value, "tls_server_config", keys);
  refuse_unsupported(section, unsupported);
  if (const auto type = section.find("client_auth_type"); type && type->text() != "NoClientCert")
    type->fail("must be NoClientCert: clients are told by name and password only");
  const auto certificates = section.get("cert_file");
  TlsSettings tls{.tls13_only = only_tls13(section)};
  std::tie(tls.certificate_file, tls.certificates) = file_of(certificates);
  std::tie(tls.key_file, tls.key) = file_of(section.get("key_file"));
  try {
    check_tls(tls);
  } catch (const Error& error) {
    certificates.fail(std::string("does not do: ") + error.what());
  }
  return tls;
}

std::vector<Account> accounts_of(const YamlValue& value) {
  if (!value.node().IsMap()) value.fail("must map names to bcrypt hashes");
  std::vector<Account> accounts;
  for (const auto& item : value.node()) {
    const YamlValue key(value.file(), item.first, "the name of a user");
    const auto name = key.text();
    if (name.find(':') != std::string::npos) key.fail("must not have a colon");
    const auto same = [&](const Account& account) { return account.name == name; };
    if (std::any_of(accounts.begin(), accounts.end(), same)) key.fail("is there twice");
    const YamlValue hash(value.file(), item.second, "the hash of user `" + name + "`");
    if (const auto problem = password_hash_problem(hash.text()); !problem.empty())
      hash.fail(problem);
    accounts.push_back({.name = name, .hash = hash.text()});
  }
  return accounts;
}

}  // namespace

WebAccess parse_web_access(std::string_view yaml, const std::string& file) {
  static constexpr std::string_view unsupported[] = {"http_server_config", "rate_limit"};
  static constexpr std::string_view keys[] = {"tls_server_config", "basic_auth_users",
                                              "http_server_config", "rate_limit"};
  const YamlSection root(YamlValue(file, parse_yaml(yaml, file), "the file of web access"),
                         "the file of web access", keys);
  refuse_unsupported(root, unsupported);
  WebAccess access;
  if (const auto tls = root.find("tls_server_config")) access.tls = tls_of(*tls);
  if (const auto users = root.find("basic_auth_users")) access.accounts = accounts_of(*users);
  return access;
}

WebAccess load_web_access(const std::filesystem::path& file) {
  return parse_web_access(content_of(file), file.string());
}

void make_admin(WebAccess& access, const std::string& name) {
  const auto found = std::find_if(access.accounts.begin(), access.accounts.end(),
                                  [&name](const Account& account) { return account.name == name; });
  if (found == access.accounts.end())
    throw Error("`" + name +
                "` is no user; the file of TLS and users names them under basic_auth_users");
  found->role = Role::admin;
}

TlsSettings read_again(const TlsSettings& tls) {
  TlsSettings now = tls;
  now.certificates = content_of(tls.certificate_file);
  now.key = content_of(tls.key_file);
  check_tls(now);
  return now;
}

}  // namespace lastgasp
