// What a RuleSet holds. Internal to this folder.
#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "rules/engine/expression.h"
#include "rules/engine/gate_plan.h"
#include "rules/engine/line_gate.h"
#include "rules/engine/line_set.h"
#include "rules/engine/rule_set.h"

namespace lastgasp {

struct CompiledRule {
  Expression match;
  std::optional<Expression> unless;
  std::chrono::nanoseconds line{};  // what `match` takes for one, as CostProbe tells
};

// Some of the rules, tried at once.
struct RuleGroup {
  RuleGroup(const std::vector<std::string>& patterns, std::vector<RuleIndex> rules,
            std::int64_t automaton_bytes);

  std::vector<RuleIndex> rules;  // rising
  LineSet set;                   // their `match` expressions
};

struct RuleSet::Impl {
  Impl(std::vector<Rule> rules, std::vector<CompiledRule> compiled,
       std::vector<RefusedRule> refused, std::int64_t automaton_bytes);

  std::vector<Rule> rules;
  std::vector<CompiledRule> compiled;  // one for each of `rules`
  std::vector<RefusedRule> refused;
  GatePlan plan;
  LineGate gate;
  RuleGroup all, textless;
};

}  // namespace lastgasp
