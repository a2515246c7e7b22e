// The examples in the description of the rule language are rules that work.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "rules/engine/rule_set.h"

using namespace lastgasp;

namespace {

std::string readme() {
  auto root = std::filesystem::path(__FILE__);
  for (int i = 0; i < 5; ++i) root = root.parent_path();
  std::ostringstream text;
  text << std::ifstream(root / "rules/README.md").rdbuf();
  return text.str();
}

std::vector<Pack> examples(const std::string& text) {
  static constexpr std::string_view kOpen = "```yaml\n";
  std::vector<Pack> packs;
  for (auto at = text.find(kOpen); at != text.npos; at = text.find(kOpen, at)) {
    at += kOpen.size();
    const auto end = text.find("```", at);
    REQUIRE(end != text.npos);
    packs.push_back(parse_pack(std::string_view(text).substr(at, end - at), "rules/README.md"));
  }
  return packs;
}

}  // namespace

TEST_CASE("the README's example packs are read, keep their evidence and are not refused") {
  std::vector<Pack> packs = examples(readme());
  REQUIRE(packs.size() == 2);
  for (Pack& pack : packs) {
    CHECK_FALSE(pack.rules.empty());
    CHECK(test_pack(pack).empty());
    pack.disable.clear();  // names rules of packs that are not here
  }
  CHECK(RuleSet::compile(packs)->refused().empty());
}

TEST_CASE("the README describes every kind") {
  const std::string text = readme();
  for (const std::string_view kind : kKindNames) {
    INFO(kind);
    CHECK(text.find("`" + std::string(kind) + "`") != text.npos);
  }
}

TEST_CASE("the README describes every key") {
  const std::string text = readme();
  for (const char* rule :
       {"{id: x.a, none: 1}", "{id: x.a, kind: panic, match: a, dump: {none: 1}}"}) {
    const Pack pack = parse_pack("pack: x\nrules: [" + std::string(rule) + "]\n", "x");
    REQUIRE(pack.refused.size() == 1);
    static constexpr std::string_view kKeys = "valid keys are ";
    std::istringstream keys(
        pack.refused[0].why.substr(pack.refused[0].why.find(kKeys) + kKeys.size()));
    int count = 0;
    for (std::string key; keys >> key; ++count) {
      if (key.ends_with(',')) key.pop_back();
      INFO(key);
      CHECK(text.find("`" + key + "`") != text.npos);
    }
    CHECK(count > 3);
  }
}
