#include "exporters/web/gate.h"

namespace lastgasp {
namespace {

Admission admitted(const Account& account) {
  return {.outcome = Admission::Outcome::admitted, .role = account.role, .user = account.name};
}

Admission too_many(const char* what, Micros wait) {
  return {.code = 429,
          .reason = std::string("too many ") + what + " from your address; try again later",
          .retry_after = wait};
}

}  // namespace

Gate::Gate(std::vector<Account> accounts)
    : credentials_(std::make_shared<Credentials>(std::move(accounts))) {}

void Gate::set_accounts(std::vector<Account> accounts) {
  auto next = std::make_shared<Credentials>(std::move(accounts));
  const std::lock_guard lock(mutex_);
  credentials_ = std::move(next);
}

std::shared_ptr<Credentials> Gate::credentials() const {
  const std::lock_guard lock(mutex_);
  return credentials_;
}

Admission Gate::enter(const Visitor& visitor, MonoTime now) {
  const auto wait = visitor.local ? Micros(0) : requests_.take(visitor.client, now);
  if (wait > Micros(0)) return too_many("requests", wait);
  const auto known = credentials();
  if (!known->required())
    return {.outcome = Admission::Outcome::admitted, .role = Role::admin, .user = {}};
  if (!visitor.login) return {.reason = "say who you are: name and password of a user"};
  if (const auto* account = known->remembered(*visitor.login)) return admitted(*account);
  return {.outcome = Admission::Outcome::unchecked};
}

// A try is counted before it is made, so that many at once are counted too.
Admission Gate::check(const Visitor& visitor, MonoTime now) {
  if (const auto wait = failed_logins_.take(visitor.client, now); wait > Micros(0))
    return too_many("failed logins", wait);
  const auto known = credentials();
  const auto* account = known->verify(*visitor.login);
  if (!account) return {.reason = "there is no user with this name and password"};
  failed_logins_.give_back(visitor.client);
  return admitted(*account);
}

}  // namespace lastgasp
