#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "redaction_lab.h"
#include "rules/redaction/redaction_evidence.h"

using namespace lastgasp;

namespace {

constexpr const char* kOrdinary[] = {
    "password changed for user bob",
    "key chain OSPF",
    "secret service started",
    "community string not found",
    "Password required",
    "Password:",
    "Username: bob",
    "publickey for root",
    "Nov 21 18:50:01 pe1 sshd[7]: Accepted password for root from 198.51.100.9 port 51514 ssh2",
    "%SYS-5-CONFIG_I: Configured from console by console",
    "%SEC_LOGIN-4-LOGIN_FAILED: Login failed [user: bob] [Source: 10.0.0.1] [localport: 22] "
    "[Reason: Login Authentication Failed - BadPassword] at 10:00:00",
    "%SEC_LOGIN-5-LOGIN_SUCCESS: Login Success [user: bob]",
    "% Password change required",
    "pam_unix(sshd:auth): password check failed for user (root)",
    "systemd[1]: Started Forward Password Requests to Wall Directory Watch.",
    "systemd[1]: Reached target Local Encrypted Volumes.",
    "[  OK  ] Started Dispatch Password Requests to Console Directory Watch.",
    "BGP community 65000:100 not permitted",
    "route-map X permit 10 set community 65000:1 additive",
    " ip community-list standard X permit 65000:1",
    " set community 65000:100 65000:200",
    " neighbor 10.0.0.1 send-community both",
    " neighbor 1.2.3.4 password-option x",
    "community \"X\" members \"65000:1\"",
    " crypto key generate rsa modulus 2048",
    " crypto key zeroize",
    " key config-key password-encrypt",
    "service password-encryption",
    "no password",
    " aaa authentication login default group tacacs+ local",
    " ip ospf authentication message-digest",
    " isis authentication mode md5",
    "SNMP: community mismatch from 10.0.0.1",
    "%SNMP-3-AUTHFAIL: Authentication failure for SNMP req from host 10.0.0.1",
    " snmp-server enable traps snmp authentication linkdown",
    " snmp-server view all iso included",
    "token ring interface up",
    "x509: key usage: digital signature",
    "random: crng init done",
    "Loaded X.509 cert 'Debian Secure Boot CA: 6ccece7e4c6c0d1f6149f3dd27dfcc5cbb419ea1'",
    "Loading compiled-in X.509 certificates",
    "Key type asymmetric registered",
    "Key type encrypted registered",
    "Asymmetric key parser 'x509' registered",
    "  Key: 0x1234",
    "encryption key length 256",
    "IKE phase 1 pre-shared key mismatch with 10.0.0.1",
    "%CRYPTO-6-IKMP_MODE_FAILURE: Processing of Main mode failed",
    "user admin logged in",
    "user bob password has expired",
    "username bob has no password",
    "set password policy minimum length 8",
    "password minimum-length 8",
    "password-policy enabled",
    "The password must be at least 8 characters",
    "Sorry, passwords do not match",
    "Bad password, bye-bye!",
    "% Bad secrets",
    "Secret key agreement failed",
    "  simple authentication",
    "cipher suite TLS_AES_128_GCM_SHA256 negotiated",
    "SSL cipher: TLS_AES",
    "http://user@example.com/path",
    "Type help or '?' for a list of available commands.",
    "create account failed: no such",
    "configure account is not allowed",
    "mysql -u root -p",
    "login: ",
    "Enter PIN",
    "PIN: ",
    "pin code",
    "Interface pins: 4",
    "wget http://10.0.0.1/fw.bin",
    "curl -O http://10.0.0.1/fw.bin",
    "standby 1 priority 110 preempt",
    "vrrp 1 priority 90",
    " authentication failed for user x",
    "Kernel panic - not syncing: Fatal exception",
    "Authorization failed for user",
    "authorization: enabled",
    "authorization commands 15 default",
    "HSRP: Gi0/1 Grp 1 Bad authentication from 10.0.0.1",
    "%HSRP-4-BADAUTH: Bad authentication from 10.1.1.1, group 1, remote state Active",
    "%OSPF-4-NOVALIDKEY: No valid authentication send key is available on interface Gi0/1",
    "%TCP-6-BADAUTH: No MD5 digest from 10.0.0.1(179) to 10.0.0.2(12345)",
    " key 1",
    " key-chain x",
    "authentication-key-chain x",
    "password expiry date: 2027-01-01",
    "Password aging: disabled",
    "Last password change: Nov 21, 2026",
    "Password expires: never",
    "Number of days of warning before password expires: 7",
    "Enter old password",
    "passwd: password updated successfully",
    "passwd: password expiry information changed.",
    "passwd[123]: password for 'root' changed by 'root'",
    "passwd: all authentication tokens are no longer valid",
    "secret: not found",
    "error: token expired",
    "Jan 1 00:00:00 r1 login: Invalid password for user bob",
    "radius-server 10.0.0.1: no response, shared secret mismatch",
    "tacacs: key mismatch",
    "Enable password is not set",
    "Enable secret is not set"};

}  // namespace

TEST_CASE("built-in redaction: every rule keeps what its samples and rejects promise") {
  const auto packs = built_in_redaction();
  REQUIRE(packs.size() >= 10);
  for (const RedactionPack& pack : packs) {
    CHECK_FALSE(pack.rules.empty());
    for (const PackProblem& problem : test_redaction_pack(pack))
      FAIL_CHECK(pack.file << ":" << problem.line << ": " << problem.rule << " " << problem.text);
  }
}

TEST_CASE("built-in redaction: no id is used twice") {
  std::map<std::string, int> uses;
  for (const RedactionPack& pack : built_in_redaction())
    for (const RedactionRule& rule : pack.rules) ++uses[rule.id];
  for (const auto& [id, count] : uses) {
    INFO(id);
    CHECK(count == 1);
  }
}

TEST_CASE("built-in redaction: all rules together mask at least what each masks alone") {
  for (const RedactionPack& pack : built_in_redaction()) {
    for (const RedactionRule& rule : pack.rules) {
      for (const auto& [line, stored] : rule.samples) {
        const std::string got = redacted(line + "\r\n");
        INFO(rule.id << ": " << line << " -> " << got);
        REQUIRE(got.size() == line.size() + 2);
        for (std::size_t i = 0; i < line.size(); ++i)
          if (stored[i] == kMask) CHECK(got[i] == kMask);
      }
    }
  }
}

TEST_CASE("built-in redaction: all rules together leave ordinary lines alone") {
  for (const std::string line : kOrdinary) CHECK(redacted(line + "\r\n") == line + "\r\n");
}

TEST_CASE("built-in redaction: the vendors that are common have a pack") {
  std::set<std::string> names;
  for (const RedactionPack& pack : built_in_redaction()) names.insert(pack.name);
  for (const char* name : {"arista", "aruba", "cisco", "extreme", "fortinet", "generic", "huawei",
                           "junos", "linux", "mikrotik", "nokia", "openwrt", "paloalto", "vyatta"})
    CHECK(names.count(name) == 1);
}
