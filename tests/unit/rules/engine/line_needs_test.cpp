#include "rules/engine/line_needs.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "rules/engine/gate_plan.h"
#include "rules/engine/line_gate.h"
#include "rules/engine/ordinary_text.h"
#include "rules/engine/rule_set.h"
#include "tests/unit/rules/engine/source_tree.h"

using namespace lastgasp;

namespace {

std::vector<std::string> texts_of(const std::string& pattern) {
  auto needs = LineNeedsFinder(ordinary_text()).find(pattern);
  REQUIRE(needs);
  REQUIRE(needs->bytes.empty());
  std::sort(needs->texts.begin(), needs->texts.end());
  return needs->texts;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("an expression needs one of the texts of its alternatives") {
  CHECK(texts_of("(?:panic|OOPS): .*") == Texts{"oops: ", "panic: "});
  CHECK(texts_of("(?i)Kernel Panic") == Texts{"kernel panic"});
}

TEST_CASE("of texts that must all be there the one that ordinary lines lack is needed") {
  CHECK(texts_of("Interface .* zapped") == Texts{" zapped"});
}

TEST_CASE("a prompt needs the byte that it ends in") {
  const auto needs = LineNeedsFinder(ordinary_text()).find(R"(^[\w.\-]+@[\w.\-]+[>#] ?$)");
  REQUIRE(needs);
  CHECK(needs->texts.empty());
  CHECK(std::set<char>(needs->bytes.begin(), needs->bytes.end()) == std::set<char>{'>', '#'});
}

TEST_CASE("an expression that any line may match needs nothing") {
  CHECK_FALSE(LineNeedsFinder(ordinary_text()).find(R"(^\w*$)"));
  CHECK_FALSE(LineNeedsFinder(ordinary_text()).find("panic|.*"));
}

TEST_CASE("a plan looks for bytes as long as they are few") {
  const GatePlan few({"panic", R"(^\w+#$)"});
  CHECK(few.texts == Texts{"panic"});
  CHECK(few.patterns_of == std::vector<std::vector<std::uint32_t>>{{0}});
  CHECK(few.bytes == "#");
  CHECK(few.textless == std::vector<std::uint32_t>{1});
  CHECK_FALSE(few.always);

  const GatePlan many({"panic", R"(^\w+[!"&'*+,/;]$)"});
  CHECK(many.always);
  CHECK(many.bytes.empty());
  CHECK(GatePlan({R"(^\w*$)"}).always);
}

TEST_CASE("of the built-in rules only prompts lack a text to look for") {
  const auto set = RuleSet::compile(load_packs(kSourceTree / "rules/packs"));
  std::vector<std::string> patterns;
  for (const Rule& rule : set->rules()) patterns.push_back(rule.match);
  const GatePlan plan(patterns);
  CHECK_FALSE(plan.always);
  for (const std::uint32_t i : plan.textless) {
    INFO(set->rules()[i].id);
    const Kind kind = set->rules()[i].kind;
    CHECK((kind == Kind::prompt || kind == Kind::stuck || kind == Kind::bootloader));
  }
}
