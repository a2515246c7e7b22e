#include "exporters/web/gate.h"

#include <catch2/catch.hpp>

#include "exporters/web/password.h"

namespace lastgasp {
namespace {

using Outcome = Admission::Outcome;
using namespace std::chrono_literals;

std::vector<Account> accounts() {
  return {{.name = "ann", .hash = password_hash("open sesame"), .role = Role::admin},
          {.name = "prometheus", .hash = password_hash("scrape"), .role = Role::view}};
}

Visitor visitor(const std::string& name, const std::string& password) {
  return {.client = "10.0.0.1", .login = Login{name, password}};
}

struct GateFixture {
  Gate gate{accounts()};
  MonoTime now{1h};

  Admission login(const Visitor& who) {
    auto admission = gate.enter(who, now);
    return admission.outcome == Outcome::unchecked ? gate.check(who, now) : admission;
  }
};

}  // namespace

TEST_CASE("without users whoever reaches the server may do everything") {
  Gate gate({});
  const auto admission = gate.enter({.client = "x", .login = {}}, MonoTime{1h});
  CHECK(admission.outcome == Outcome::admitted);
  CHECK(admission.role == Role::admin);
  CHECK(admission.user.empty());
}

TEST_CASE_METHOD(GateFixture, "a right password is checked once, and then remembered") {
  const auto ann = visitor("ann", "open sesame");
  CHECK(gate.enter(ann, now).outcome == Outcome::unchecked);
  const auto checked = gate.check(ann, now);
  CHECK(checked.outcome == Outcome::admitted);
  CHECK(checked.role == Role::admin);
  CHECK(checked.user == "ann");
  CHECK(gate.enter(ann, now).outcome == Outcome::admitted);
  CHECK(gate.enter(visitor("ann", "open sesam"), now).outcome == Outcome::unchecked);
  CHECK(gate.enter(visitor("prometheus", "open sesame"), now).outcome == Outcome::unchecked);
  CHECK(login(visitor("prometheus", "scrape")).role == Role::view);
}

TEST_CASE_METHOD(GateFixture, "no name, a wrong name and a wrong password do not enter") {
  CHECK(gate.enter({.client = "x", .login = {}}, now).code == 401);
  for (const auto& who : {visitor("ann", "guess"), visitor("nobody", "scrape"), visitor("ann", ""),
                          visitor("", "")}) {
    const auto admission = login(who);
    CHECK(admission.outcome == Outcome::refused);
    CHECK(admission.code == 401);
  }
}

TEST_CASE_METHOD(GateFixture, "guessing ends, for that address and for a while") {
  const auto guess = visitor("ann", "guess");
  for (int i = 0; i < static_cast<int>(kFailedLoginsBurst); ++i) CHECK(login(guess).code == 401);
  const auto refused = login(guess);
  CHECK(refused.code == 429);
  CHECK(refused.retry_after > 0s);
  auto elsewhere = visitor("prometheus", "scrape");
  elsewhere.client = "10.0.0.2";
  CHECK(login(elsewhere).outcome == Outcome::admitted);
  now += refused.retry_after + 1ms;
  CHECK(login(guess).code == 401);
}

TEST_CASE_METHOD(GateFixture, "right logins are never too many") {
  for (int i = 0; i < 3 * static_cast<int>(kFailedLoginsBurst); ++i)
    CHECK(gate.check(visitor("prometheus", "scrape"), now).outcome == Outcome::admitted);
}

TEST_CASE_METHOD(GateFixture, "requests of one address are bounded") {
  const auto ann = visitor("ann", "open sesame");
  CHECK(login(ann).outcome == Outcome::admitted);
  int admitted = 1;
  while (admitted < 2000 && gate.enter(ann, now).outcome == Outcome::admitted) ++admitted;
  CHECK(admitted == static_cast<int>(kRequestsBurst));
  now += 1s;
  CHECK(gate.enter(ann, now).outcome == Outcome::admitted);
}

TEST_CASE_METHOD(GateFixture,
                 "what this machine asks of itself is not counted, but its wrong logins are") {
  const Visitor script{.client = "127.0.0.1", .login = Login{"ann", "open sesame"}, .local = true};
  CHECK(login(script).outcome == Outcome::admitted);
  for (int i = 0; i < 3 * kRequestsBurst; ++i)
    REQUIRE(gate.enter(script, now).outcome == Outcome::admitted);
  const Visitor guess{.client = "127.0.0.1", .login = Login{"ann", "guess"}, .local = true};
  for (int i = 0; i < kFailedLoginsBurst; ++i) CHECK(login(guess).code == 401);
  CHECK(login(guess).code == 429);
}

TEST_CASE_METHOD(GateFixture, "accounts that change forget who was in") {
  const auto ann = visitor("ann", "open sesame");
  CHECK(login(ann).outcome == Outcome::admitted);
  gate.set_accounts({{.name = "ann", .hash = password_hash("another"), .role = Role::view}});
  CHECK(login(ann).code == 401);
  CHECK(login(visitor("ann", "another")).role == Role::view);
}

TEST_CASE("bcrypt as others make it is taken, and nothing else") {
  // The vector "U*U" of the algorithm's author, in the spellings that mean the same.
  const std::string rest = "05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
  for (const char* prefix : {"$2a$", "$2b$", "$2y$"}) {
    CHECK(password_hash_problem(prefix + rest).empty());
    CHECK(password_matches("U*U", prefix + rest));
    CHECK_FALSE(password_matches("U*V", prefix + rest));
  }
  for (const std::string& wrong :
       {std::string(), std::string("secret"), "$2x$" + rest, "$2b$" + rest.substr(1),
        "$2b$16" + rest.substr(2), "$2b$03" + rest.substr(2), "$2b$1;" + rest.substr(2),
        std::string("$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOe:"),
        std::string("$6$CCCCCCCCCCCCCCCC$CCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCC")}) {
    const auto problem = password_hash_problem(wrong);
    CHECK(problem.find("lastgasp web-password") != std::string::npos);
    CHECK((wrong.empty() || problem.find(wrong) == std::string::npos));
  }
}

}  // namespace lastgasp
