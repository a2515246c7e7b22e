#include <catch2/catch.hpp>
#include <map>

#include "redaction_lab.h"
#include "rules/redaction/redaction_evidence.h"

using namespace lastgasp;

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
