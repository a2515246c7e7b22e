#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "collector/core/error.h"
#include "redaction_lab.h"
#include "rules/redaction/redaction_evidence.h"

using namespace lastgasp;
using Catch::Matchers::Contains;

namespace {

const std::string kGood =
    "redaction: ours\nrules:\n  - id: ours.pin\n    keywords: [pin code]\n"
    "    match: 'pin code (?P<secret>\\d+)'\n    samples: [['pin code 12', 'pin code **']]\n";

RedactionPack parsed(const std::string& yaml) { return parse_redaction_pack(yaml, "x.yaml"); }

std::string with(const std::string& what, const std::string& by) {
  std::string yaml = kGood;
  const auto at = yaml.find(what);
  REQUIRE(at != std::string::npos);
  return yaml.replace(at, what.size(), by);
}

}  // namespace

TEST_CASE("a redaction pack is read strictly: any mistake refuses it, with its place") {
  CHECK(parsed(kGood).rules.size() == 1);
  const auto refused = [](const std::string& yaml, const std::string& why) {
    CHECK_THROWS_WITH(parsed(yaml), Contains("x.yaml:") && Contains(why));
  };
  refused(with("    match:", "    mask:"), "unknown key 'mask'");
  refused(with("(?P<secret>\\d+)", "(\\d+)"), "masks nothing: give it a (?P<secret>...)");
  refused(with("(?P<secret>\\d+)", "(?P<secret>"), "is no RE2 expression");
  refused(with("[pin code]", "[pi]"), "at least 3 characters");
  refused(with("[pin code]", "[]"), "is an empty list");
  refused(with("'pin code **'", "'pin code *'"), "must be two lines of one length");
  refused(with("'pin code **'", "'pin code 12'"), "must differ");
  refused(with("[['pin code 12', 'pin code **']]", "[]"), "a rule needs at least one");
  refused(with("[['pin code 12', 'pin code **']]", "[['pin code 12']]"), "a list of two");
  refused(kGood + kGood.substr(kGood.find("  - id")), "has the id ours.pin of the rule in line 3");
}

TEST_CASE("a sample that is not masked as promised, and a reject that is, are told") {
  CHECK(test_redaction_pack(parsed(kGood)).empty());
  const auto wrong = test_redaction_pack(parsed(with("'pin code **'", "'pin code 1*'")));
  REQUIRE(wrong.size() == 1);
  CHECK(wrong[0].rule == "ours.pin");
  CHECK(wrong[0].line == 3);
  CHECK(wrong[0].text == "stores `pin code 12` as `pin code **`");
  CHECK(test_redaction_pack(parsed(kGood + "    rejects: [pin code 7]\n")).size() == 1);
}

TEST_CASE("later packs add, replace and switch off; an id that does not exist is an error") {
  std::vector<RedactionPack> packs = built_in_redaction();
  const std::size_t built_in = RedactionSet::compile(packs)->size();
  packs.push_back(parsed(kGood));
  CHECK(RedactionSet::compile(packs)->size() == built_in + 1);
  packs.push_back(
      parsed("redaction: more\ndisable: [ours.pin, cisco.secret]\nrules:\n  - id: cisco.password\n"
             "    keywords: [password]\n    match: 'password (?P<secret>x)'\n"
             "    samples: [[password x, password *]]\n"));
  const auto rules = RedactionSet::compile(packs);
  CHECK(rules->size() == built_in - 1);
  CHECK(redacted("enable secret foo\nenable password foo\n", {}, rules) ==
        "enable secret foo\nenable password foo\n");
  const std::vector<std::string> typo{"cisco.secrets"};
  CHECK_THROWS_WITH(RedactionSet::compile(packs, typo), Contains("cisco.secrets"));
}

TEST_CASE("the README's example packs keep their evidence, and it names every key") {
  auto root = std::filesystem::path(__FILE__);
  for (int i = 0; i < 5; ++i) root = root.parent_path();
  std::ifstream in(root / "rules/redaction/README.md");
  const std::string text((std::istreambuf_iterator<char>(in)), {});
  static constexpr std::string_view kOpen = "```yaml\n";
  int examples = 0;
  for (auto at = text.find(kOpen); at != text.npos; at = text.find(kOpen, at), ++examples) {
    at += kOpen.size();
    const RedactionPack pack = parsed(text.substr(at, text.find("```", at) - at));
    CHECK_FALSE(pack.rules.empty());
    CHECK(test_redaction_pack(pack).empty());
  }
  CHECK(examples > 0);
  for (const char* key : {"redaction", "platform", "disable", "id", "keywords", "match", "block",
                          "samples", "rejects"})
    CHECK(text.find("`" + std::string(key) + "`") != text.npos);
}
