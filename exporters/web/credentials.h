// Names and passwords against the accounts there are. A password that was right is remembered, one
// for each account and only as a keyed hash, so that a scrape each second costs no bcrypt.
#pragma once

#include <array>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "exporters/web/access.h"

namespace lastgasp {

struct Login {
  std::string name, password;
};

// Safe from any thread.
class Credentials {
 public:
  explicit Credentials(std::vector<Account> accounts);

  bool required() const { return !known_.empty(); }
  // The account, when it has had this very password right before. Quick.
  const Account* remembered(const Login& login) const;
  // The account, when the password is right. Takes the time of a bcrypt, also for a name that there
  // is not: of the costliest.
  const Account* verify(const Login& login);

 private:
  using Digest = std::array<unsigned char, 32>;
  struct Known {
    Account account;
    std::optional<Digest> last_right;
  };
  Digest digest_of(const Login& login) const;

  Digest key_{};
  std::string costliest_;
  mutable std::mutex mutex_;  // last_right
  std::vector<Known> known_;
};

}  // namespace lastgasp
