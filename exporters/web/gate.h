// Who comes in, before anything else is done for a request: rates, names and passwords. Without the
// network. Safe from any thread.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "collector/core/clock.h"
#include "exporters/web/credentials.h"
#include "exporters/web/rate_limit.h"

namespace lastgasp {

// Of one client address; what this machine asks of itself is not counted, but failed logins are.
inline constexpr double kRequestsPerSecond = 200, kRequestsBurst = 1000;
inline constexpr double kFailedLoginsPerSecond = 0.2, kFailedLoginsBurst = 10;

struct Visitor {
  std::string client;  // client_of()
  std::optional<Login> login;
  bool local = false;  // on this machine, where nobody counts requests
};

struct Admission {
  enum class Outcome { admitted, refused, unchecked };
  Outcome outcome = Outcome::refused;
  Role role = Role::view;  // when admitted
  std::string user;        // who that is; empty when there are no users
  int code = 401;          // when refused: 401, 429 or 503
  std::string reason;      // for the person who asked
  Micros retry_after{};
};

class Gate {
 public:
  explicit Gate(std::vector<Account> accounts);

  void set_accounts(std::vector<Account> accounts);
  // Quick. `unchecked`: ask check(), where one may wait.
  Admission enter(const Visitor& visitor, MonoTime now);
  // Takes the time of a bcrypt.
  Admission check(const Visitor& visitor, MonoTime now);

 private:
  std::shared_ptr<Credentials> credentials() const;

  mutable std::mutex mutex_;  // the pointer
  std::shared_ptr<Credentials> credentials_;
  RateLimit requests_{kRequestsPerSecond, kRequestsBurst};
  RateLimit failed_logins_{kFailedLoginsPerSecond, kFailedLoginsBurst};
};

}  // namespace lastgasp
