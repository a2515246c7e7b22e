#include "rules/packs/built_in_packs.h"

#include <catch2/catch.hpp>
#include <map>

#include "rules/engine/pack.h"
#include "rules/engine/rule_set.h"

using namespace lastgasp;

namespace {

std::vector<Pack> all_packs() {
  std::vector<Pack> packs;
  for (const BuiltInPack& pack : built_in_packs()) {
    packs.push_back(parse_pack(pack.yaml, "built-in " + std::string(pack.file)));
  }
  return packs;
}

}  // namespace

TEST_CASE("built-in packs: every rule keeps what its samples and rejects promise") {
  const auto packs = all_packs();
  REQUIRE_FALSE(packs.empty());
  for (const Pack& pack : packs) {
    CHECK_FALSE(pack.rules.empty());
    for (const PackProblem& problem : test_pack(pack)) {
      FAIL_CHECK(pack.file << ":" << problem.line << ": " << problem.rule << " " << problem.text);
    }
  }
}

TEST_CASE(
    "built-in packs: no id is used twice, so that no pack replaces another's rule by chance") {
  std::map<std::string, std::string> file_of;
  for (const Pack& pack : all_packs()) {
    for (const Rule& rule : pack.rules) {
      INFO(rule.id << " in " << pack.file << " and " << file_of[rule.id]);
      CHECK(file_of[rule.id].empty());
      file_of[rule.id] = pack.file;
    }
  }
}

TEST_CASE("built-in packs: no rule is refused") {
  for (const RefusedRule& refused : RuleSet::compile(all_packs())->refused()) {
    FAIL_CHECK(refused.file << ":" << refused.line << ": " << refused.id << " " << refused.why);
  }
}

TEST_CASE("built-in packs: in the set of all packs, each sample is hit by its own rule") {
  Matcher matcher(RuleSet::compile(all_packs()));
  for (const Rule& rule : matcher.rules().rules()) {
    const std::string platform = rule.platforms.empty() ? "" : rule.platforms.front();
    for (const std::string& sample : rule.samples) {
      bool hit = false;
      for (const RuleHit& h : matcher.match(sample, platform)) hit |= h.rule == &rule;
      INFO(rule.id << ": " << sample);
      CHECK(hit);
    }
  }
  CHECK(matcher.slow_lines() == 0);
}
