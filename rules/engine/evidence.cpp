#include <optional>

#include "rules/engine/expression.h"
#include "rules/engine/pack.h"

namespace lastgasp {
namespace {

void test_rule(const Rule& rule, std::vector<PackProblem>& problems) {
  const Expression match(rule.match);
  std::optional<Expression> unless;
  if (!rule.unless.empty()) unless.emplace(rule.unless);
  const auto hit = [&](const std::string& line) {
    return match.matches(line) && !(unless && unless->matches(line));
  };
  const auto report = [&](std::string_view what, const std::string& line) {
    problems.push_back({rule.id, rule.line, std::string(what) + line});
  };
  for (const std::string& sample : rule.samples) {
    if (!match.matches(sample)) {
      report("does not match its sample: ", sample);
    } else if (!hit(sample)) {
      report("its `unless` matches its sample: ", sample);
    }
  }
  for (const std::string& reject : rule.rejects) {
    if (hit(reject)) report("matches what it must reject: ", reject);
  }
}

}  // namespace

std::vector<PackProblem> test_pack(const Pack& pack) {
  std::vector<PackProblem> problems;
  for (const Rule& rule : pack.rules) {
    try {
      test_rule(rule, problems);
    } catch (const Error& error) {
      problems.push_back({rule.id, rule.line, error.what()});
    }
  }
  return problems;
}

}  // namespace lastgasp
