#include "exporters/web/credentials.h"

#include <gnutls/crypto.h>

#include <algorithm>

#include "collector/core/error.h"
#include "exporters/web/password.h"

namespace lastgasp {

Credentials::Credentials(std::vector<Account> accounts) {
  if (gnutls_rnd(GNUTLS_RND_KEY, key_.data(), key_.size()) != 0)
    throw Error("the system gives no random numbers");
  for (auto& account : accounts) {
    const auto cost = account.hash.substr(4, 2);
    if (costliest_.empty() || cost > costliest_.substr(4, 2)) costliest_ = account.hash;
    known_.push_back({std::move(account), std::nullopt});
  }
}

// A name has no colon: so name and password cannot be shifted against each other.
Credentials::Digest Credentials::digest_of(const Login& login) const {
  const auto text = login.name + ':' + login.password;
  Digest digest{};
  if (gnutls_hmac_fast(GNUTLS_MAC_SHA256, key_.data(), key_.size(), text.data(), text.size(),
                       digest.data()) != 0)
    throw Error("GnuTLS has no SHA-256");
  return digest;
}

const Account* Credentials::remembered(const Login& login) const {
  const auto digest = digest_of(login);
  const std::lock_guard lock(mutex_);
  for (const auto& known : known_)
    if (known.account.name == login.name && known.last_right &&
        gnutls_memcmp(known.last_right->data(), digest.data(), digest.size()) == 0)
      return &known.account;
  return nullptr;
}

const Account* Credentials::verify(const Login& login) {
  const auto found = std::find_if(known_.begin(), known_.end(), [&](const Known& known) {
    return known.account.name == login.name;
  });
  const bool exists = found != known_.end();
  const bool right = password_matches(login.password, exists ? found->account.hash : costliest_);
  if (!exists || !right) return nullptr;
  const auto digest = digest_of(login);
  const std::lock_guard lock(mutex_);
  found->last_right = digest;
  return &found->account;
}

}  // namespace lastgasp
