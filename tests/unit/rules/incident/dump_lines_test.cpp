#include "rules/incident/dump_lines.h"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <vector>

#include "rules/engine/characters.h"

using namespace lastgasp;

namespace {

enum class TakenFor { none, counter, stack, other };

TakenFor taken_for(const std::string& name) {
  const DumpWords words = dump_words(name + ": 0xc0123456");
  return words.program_counter  ? TakenFor::counter
         : words.stack          ? TakenFor::stack
         : words.registers == 1 ? TakenFor::other
                                : TakenFor::none;
}

std::string in_capitals(std::string text) {
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

// What the cheap question asks, byte after byte.
bool may_be_of_dump_plainly(std::string_view line) {
  if (line.find("0x") != line.npos) return true;
  std::size_t run = 0;
  for (const char c : line) {
    run = is_hex(c) ? run + 1 : 0;
    if (run == 8) return true;
  }
  skip_spaces(line);
  return line.size() > 1 && line[0] == '#' && is_digit(line[1]);
}

}  // namespace

TEST_CASE("registers are known by their names in either case, and by nothing near them") {
  const std::vector<std::string> counters{"pc",  "nip",  "eip",  "rip",  "elr",
                                          "era", "sepc", "srr0", "cepc", "elr_el1"};
  const std::vector<std::string> stacks{"sp", "esp", "rsp", "lr", "ra", "blink", "isp", "sp_el0"};
  const std::vector<std::string> others{"gp",  "eax",      "rdi",      "cpsr", "badvaddr",
                                        "cr0", "exccause", "excvaddr", "srr1", "r12",
                                        "x0",  "gpr31",    "lo",       "hi",   "status"};
  const std::vector<std::string> none{"p",    "pcx",      "xpc",       "badvaddrs", "stat",
                                      "port", "exccaus",  "neighbors", "gpr",       "q1",
                                      "e",    "eaxeaxea", "lcounts",   "r1234",     "\xff\xff"};
  const std::array<std::pair<TakenFor, const std::vector<std::string>*>, 4> all{
      {{TakenFor::counter, &counters},
       {TakenFor::stack, &stacks},
       {TakenFor::other, &others},
       {TakenFor::none, &none}}};
  for (const auto& [kind, names] : all) {
    for (const std::string& name : *names) {
      CAPTURE(name);
      CHECK(taken_for(name) == kind);
      CHECK(taken_for(in_capitals(name)) == kind);
    }
  }
}

TEST_CASE("a list of addresses follows a trace or a stack that is named, and nothing else") {
  const std::string addresses = " 60123456 60123457 60123458";
  for (const std::string word : {"-Backtrace=", "Call trace:", "race =", "Backtrace: pc",
                                 "ace race=", "ac race:", "Stack:", "tack=", "attack tack:"}) {
    CAPTURE(word);
    CHECK(dump_words(word + addresses).frame);
  }
  for (const std::string word :
       {"Traceback=", "trace", "stack", "tack =", "ace:", "ack=", "race  =", ""}) {
    CAPTURE(word);
    CHECK_FALSE(dump_words(word + addresses).frame);
  }
}

TEST_CASE("over random lines the cheap question is answered as byte after byte") {
  std::mt19937 random(20261128);
  std::size_t yes = 0, no = 0;
  for (int round = 0; round < 50'000; ++round) {
    std::string line(random() % 60, ' ');
    const unsigned letters = 6 + random() % 12;
    for (char& c : line) c = "0123af. #xgz\t\xff\x80!:-"[random() % letters];
    const bool plainly = may_be_of_dump_plainly(line);
    ++(plainly ? yes : no);
    REQUIRE(may_be_of_dump(line) == plainly);
  }
  CHECK(std::min(yes, no) > 5000);
}
