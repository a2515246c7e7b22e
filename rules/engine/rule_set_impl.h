// What a RuleSet holds. Internal to this folder.
#pragma once

#include <optional>
#include <vector>

#include "rules/engine/expression.h"
#include "rules/engine/line_set.h"
#include "rules/engine/rule_set.h"

namespace lastgasp {

struct CompiledRule {
  Expression match;
  std::optional<Expression> unless;
};

struct RuleSet::Impl {
  std::vector<Rule> rules;
  std::vector<CompiledRule> compiled;  // one for each of `rules`
  std::vector<RefusedRule> refused;
  LineSet all;  // their `match` expressions
};

}  // namespace lastgasp
