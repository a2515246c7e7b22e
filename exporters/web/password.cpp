#include "exporters/web/password.h"

#include <crypt.h>
#include <gnutls/gnutls.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <string_view>

#include "collector/core/error.h"

namespace lastgasp {
namespace {

constexpr int kCost = 10;  // what htpasswd and the exporters' documentation use
constexpr std::size_t kHashBytes = 60;
constexpr std::size_t kSaltAt = 7;  // after "$2b$10$"

bool bcrypt_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '.' ||
         c == '/';
}

// Empty when libcrypt refuses.
std::string crypted(const std::string& password, const std::string& setting) {
  const auto data = std::make_unique<crypt_data>();
  const char* const hash =
      crypt_rn(password.c_str(), setting.c_str(), data.get(), static_cast<int>(sizeof(crypt_data)));
  return hash ? hash : "";
}

int cost_of(std::string_view hash) { return (hash[4] - '0') * 10 + (hash[5] - '0'); }

}  // namespace

std::string password_hash_problem(const std::string& hash) {
  constexpr const char* kHow = "; `lastgasp web-password` makes one";
  const bool known =
      hash.starts_with("$2a$") || hash.starts_with("$2b$") || hash.starts_with("$2y$");
  if (!known || hash.size() != kHashBytes || hash[6] != '$' ||
      !std::all_of(hash.begin() + kSaltAt, hash.end(), bcrypt_digit))
    return std::string("must be a bcrypt hash ($2a$, $2b$ or $2y$)") + kHow;
  if (const int cost = cost_of(hash); cost < 4 || cost > kMostPasswordCost)
    return "must have a cost from 4 to " + std::to_string(kMostPasswordCost) + kHow;
  if (crypt_checksalt(hash.c_str()) == CRYPT_SALT_INVALID)
    return std::string("is no bcrypt hash that libcrypt takes") + kHow;
  return {};
}

bool password_matches(const std::string& password, const std::string& hash) {
  const auto found = crypted(password, hash);
  return found.size() == hash.size() && gnutls_memcmp(found.data(), hash.data(), hash.size()) == 0;
}

std::string password_hash(const std::string& password) {
  std::array<char, CRYPT_GENSALT_OUTPUT_SIZE> setting{};
  if (!crypt_gensalt_rn("$2b$", kCost, nullptr, 0, setting.data(),
                        static_cast<int>(setting.size())))
    throw Error(errno_text("make a salt", errno));
  auto hash = crypted(password, setting.data());
  if (hash.size() != kHashBytes) throw Error("libcrypt of this machine has no bcrypt");
  return hash;
}

}  // namespace lastgasp
