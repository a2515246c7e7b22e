#include "rules/redaction/redaction_evidence.h"

#include "rules/redaction/redactor.h"

namespace lastgasp {
namespace {

std::string redacted(const Redactor::Rules& rules, const std::string& lines) {
  Redactor redactor;
  std::string out(redactor.feed(rules, lines + "\n", {}));
  out.append(redactor.finish(rules));
  out.pop_back();
  return out;
}

}  // namespace

std::vector<PackProblem> test_redaction_pack(const RedactionPack& pack) {
  std::vector<PackProblem> problems;
  for (const RedactionRule& rule : pack.rules) {
    RedactionPack alone;
    alone.rules = {rule};
    const auto rules = RedactionSet::compile({&alone, 1});
    const auto expect = [&](const std::string& line, const std::string& stored) {
      const std::string got = redacted(rules, line);
      if (got != stored)
        problems.push_back({rule.id, rule.line, "stores `" + line + "` as `" + got + "`"});
    };
    for (const auto& [line, stored] : rule.samples) expect(line, stored);
    for (const std::string& line : rule.rejects) expect(line, line);
  }
  return problems;
}

}  // namespace lastgasp
