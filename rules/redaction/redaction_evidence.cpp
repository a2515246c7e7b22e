#include "rules/redaction/redaction_evidence.h"

#include "rules/redaction/redactor.h"

namespace lastgasp {
std::vector<PackProblem> test_redaction_pack(const RedactionPack& pack) {
  std::vector<PackProblem> problems;
  for (const RedactionRule& rule : pack.rules) {
    RedactionPack alone;
    alone.rules = {rule};
    const auto rules = RedactionSet::compile({&alone, 1});
    const auto expect = [&](const std::string& line, const std::string& stored) {
      std::string got = redacted(rules, line + "\n");
      got.pop_back();
      if (got != stored)
        problems.push_back({rule.id, rule.line, "stores `" + line + "` as `" + got + "`"});
    };
    for (const auto& [line, stored] : rule.samples) expect(line, stored);
    for (const std::string& line : rule.rejects) expect(line, line);
  }
  return problems;
}

}  // namespace lastgasp
