#include "rules/incident/fingerprint.h"

#include <catch2/catch.hpp>
#include <random>

using namespace lastgasp;

TEST_CASE("what differs from one time to the next is left out") {
  const auto same = [](const char* a, const char* b) { CHECK(normalised(a) == normalised(b)); };
  same("fault at 0xffff888005724d10", "fault at 0xffff88800571cad0");
  same("address ffffc900005a3c38", "address ffffc900005abc80");
  same("soft lockup on CPU#0 for 22s", "soft lockup on CPU#3 for 148s");
  same("CPU 1 dead", "CPU 14 dead");
  same("neighbor 10.0.0.1 down", "neighbor 192.168.100.200 down");
  same("mac 00:11:22:33:44:55", "mac aa:bb:cc:dd:ee:0f");
  same("mac 0011.2233.4455", "mac a0b1.c2d3.e4f5");
  same("neighbor 2001:db8::1 down", "neighbor fe80::5054:ff:fe12:3456 down");
  same("assert at rt_table.c:123", "assert at rt_table.c:9");
  same("assert spa.c, line: 5222", "assert spa.c, line: 17");
  same("task bgp:86 hung", "task bgp:4711 hung");
  same("link 3/0/1 failed", "link 7/1/22 failed");
}

TEST_CASE("what tells one fault from another stays") {
  const auto differ = [](const char* a, const char* b) { CHECK(normalised(a) != normalised(b)); };
  differ("Fatal trap 12", "Fatal trap 9");
  differ("rpd died: signal 11", "rpd died: signal 6");
  differ("EXT4 error on sda1", "EXT4 error on sdb1");
  differ("in do_fork", "in do_exit");
}

TEST_CASE("normalising again changes nothing") {
  std::mt19937 random(7);
  const std::string alphabet = "0123456789abcdefxX:./-#[] CPUpid ";
  for (int n = 0; n < 20'000; ++n) {
    std::string text;
    for (unsigned i = random() % 40; i > 0; --i) {
      text += alphabet[random() % alphabet.size()];
    }
    const std::string once = normalised(text);
    INFO(text);
    CHECK(normalised(once) == once);
  }
}

TEST_CASE("a fingerprint is of platform, cause, title and function") {
  const std::vector<std::string> f{"do_fork"}, g{"do_exit"};
  const std::string base = fingerprint("linux", Kind::crash, "Oops", f);
  CHECK(base.size() == 16);
  CHECK(base == fingerprint("linux", Kind::panic, "Oops", f));
  CHECK(base != fingerprint("freebsd", Kind::crash, "Oops", f));
  CHECK(base != fingerprint("linux", Kind::hang, "Oops", f));
  CHECK(base != fingerprint("linux", Kind::crash, "Oops", g));
  // It is stored: a change of the algorithm must raise its version.
  CHECK(fingerprint("linux", Kind::crash, "Oops", {}) ==
        fingerprint("linux", Kind::crash, "Oops ", {}));
}
