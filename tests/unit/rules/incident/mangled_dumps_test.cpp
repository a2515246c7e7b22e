// Recorded dumps, cut, doubled and mixed a few thousand times with the same seed: what the fuzzer
// does at random, for those who have none.
#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <random>

#include "tests/unit/rules/incident/endurance.h"
#include "tests/unit/rules/incident/scenario.h"

using namespace lastgasp;
using endurance::Mistreated;

namespace {

std::string capture(const std::string& name) {
  const std::string here = __FILE__;
  std::ifstream in(here.substr(0, here.rfind("/unit/")) + "/data/captures/" + name,
                   std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  REQUIRE_FALSE(text.empty());
  return text;
}

// Where the recordings speak of what the rules know: pieces of a few dozen lines.
std::vector<std::string> pieces() {
  std::vector<std::string> out;
  for (const char* name :
       {"linux-mod-oops-panic.log", "linux-mod-softlock.log", "linux-oom.log",
        "uboot-arm64-typed-reset-loop.log", "xen-boot-dom0panic.log", "qemu-telnet-login.raw"}) {
    const std::string text = capture(name);
    out.push_back(text.substr(0, 1500));
    out.push_back(text.substr(text.size() - std::min<std::size_t>(text.size(), 5000)));
  }
  out.push_back("\nr1#show logging\n");
  out.push_back(
      "\nBuffered messages:\nFatal: illegal access\npc = 0x80214ac8 sp = 0x80215000 r0 = "
      "0x00000000 r1 = 0x00000001 r2 = 0x00000002 r3 = 0x00000003\n");
  out.push_back("\nr1 login: ");
  out.push_back("\n%SYS-5-RELOAD\nU-Boot 2023.01 (Jun)\n");
  return out;
}

class Mangler {
 public:
  std::string next() {
    std::string out;
    const std::size_t parts = 1 + below(6);
    for (std::size_t n = 0; n < parts; ++n) {
      const std::string& piece = pieces_[below(pieces_.size())];
      const std::size_t from = below(piece.size());
      std::string part = piece.substr(from, 1 + below(1500));
      for (std::size_t events = below(4); events > 0; --events) {
        part.insert(below(part.size()), 1, endurance::byte_of(static_cast<unsigned>(below(64))));
      }
      for (std::size_t flips = below(4); flips > 0; --flips) {
        part[below(part.size())] = static_cast<char>(below(256));
      }
      // Another processor prints into the middle of it, or it comes twice.
      const std::size_t at = below(3) == 0 ? below(out.size() + 1) : out.size();
      out.insert(at, below(5) == 0 ? part + part : part);
    }
    return out;
  }

 private:
  std::size_t below(std::size_t limit) { return random_() % limit; }

  std::mt19937 random_{20261123};
  std::vector<std::string> pieces_ = pieces();
};

}  // namespace

TEST_CASE("no mangled dump breaks a bound or stops the clock") {
  Pack pack;
  pack.rules = scenario::rules();
  const auto rules = RuleSet::compile({&pack, 1});
  Mangler mangler;
  std::size_t told = 0;
  for (int run = 0; run < 2500; ++run) {
    const std::string input = mangler.next();
    INFO("run " << run);
    Mistreated console(rules);
    REQUIRE_NOTHROW(console.endure(input));
    told += console.told;
  }
  CHECK(told > 1000);  // they were dumps still
}

TEST_CASE("a console that dies without end stays within its bounds") {
  Pack pack;
  pack.rules = scenario::rules();
  const auto rules = RuleSet::compile({&pack, 1});
  std::string input;
  for (int n = 0; n < 3000; ++n) {
    input += "I/O error, dev sd" + std::to_string(n) + "x\nprog" + std::to_string(n) +
             "[1]: segfault at 0\nBUG: kernel NULL pointer\n" + std::string(400, 'f') + "\n";
    input += n % 7 == 0 ? endurance::byte_of(1) : '\n';
  }
  Mistreated console(rules);
  CHECK_NOTHROW(console.endure(input));
  CHECK(console.told > 30);
}
