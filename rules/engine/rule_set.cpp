#include "rules/engine/rule_set.h"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include "rules/engine/cost.h"
#include "rules/engine/in_parallel.h"
#include "rules/engine/rule_set_impl.h"

namespace lastgasp {
namespace {

struct Candidate {
  const Rule* rule = nullptr;
  const Pack* pack = nullptr;
};
// The rules of one id, the last of which counts if it is not refused; none: switched off.
using Candidates = std::vector<Candidate>;

// Which rules are on, before any is compiled.
class Selection {
 public:
  explicit Selection(std::vector<RefusedRule>& refused) : refused_(refused) {}

  void add(const Pack& pack) {
    refused_.insert(refused_.end(), pack.refused.begin(), pack.refused.end());
    for (const std::string& id : pack.disable) switch_off(id, pack.file);
    std::unordered_set<std::string_view> own;
    for (const Rule& rule : pack.rules) {
      if (own.insert(rule.id).second) {
        put({&rule, &pack});
      } else {
        refused_.push_back({rule.id, pack.file, rule.line, 0, "its id is used twice in this pack"});
      }
    }
  }

  void switch_off(const std::string& id, const std::string& file) {
    const auto found = by_id_.find(id);
    if (found == by_id_.end()) {
      refused_.push_back({id, file, 0, 0, "disable: there is no rule of this id to switch off"});
      return;
    }
    active_[found->second].clear();
  }

  const std::vector<Candidates>& rules() const { return active_; }

 private:
  void put(const Candidate& rule) {
    const auto [found, is_new] = by_id_.try_emplace(rule.rule->id, active_.size());
    if (is_new) active_.emplace_back();
    active_[found->second].push_back(rule);
  }

  std::vector<Candidates> active_;
  std::unordered_map<std::string_view, std::size_t> by_id_;
  std::vector<RefusedRule>& refused_;
};

struct Part {
  Expression expression;
  std::chrono::nanoseconds line;
};

// Throws Error when the expression does not compile or costs too much.
Part compile_part(std::string_view key, const std::string& pattern, const CostProbe& probe) {
  Expression expression(pattern);
  const CostProbe::Cost cost = probe.of(pattern, expression);
  if (!cost.problem.empty()) throw Error(std::string(key) + " is too expensive: " + cost.problem);
  return {std::move(expression), cost.line};
}

CompiledRule compile_rule(const Rule& rule, const CostProbe& cost) {
  Part match = compile_part("match", rule.match, cost);
  CompiledRule compiled{std::move(match.expression), std::nullopt, match.line};
  if (!rule.unless.empty()) compiled.unless = compile_part("unless", rule.unless, cost).expression;
  if (rule.dump) {
    const DumpShape& dump = *rule.dump;
    for (const auto& [key, pattern] :
         {std::pair{"until", &dump.until}, std::pair{"stack", &dump.stack},
          std::pair{"detail", &dump.detail}}) {
      if (!pattern->empty()) compile_part(key, *pattern, cost);
    }
  }
  return compiled;
}

// What became of the rules of one id: the last of them that is not refused, if any, and those that
// are.
struct Outcome {
  const Rule* rule = nullptr;
  std::optional<CompiledRule> compiled;
  std::vector<RefusedRule> refused;
};

Outcome outcome_of(Candidates candidates, const CostProbe& cost) {
  Outcome outcome;
  for (; !candidates.empty() && !outcome.compiled; candidates.pop_back()) {
    const auto& [rule, pack] = candidates.back();
    try {
      outcome.compiled = compile_rule(*rule, cost);
      outcome.rule = rule;
    } catch (const Error& error) {
      outcome.refused.push_back({rule->id, pack->file, rule->line, 0, error.what()});
    }
  }
  return outcome;
}

std::vector<std::string> patterns_of(const std::vector<Rule>& rules) {
  std::vector<std::string> patterns;
  for (const Rule& rule : rules) patterns.push_back(rule.match);
  return patterns;
}

std::vector<RuleIndex> everything(std::size_t rules) {
  std::vector<RuleIndex> all(rules);
  std::iota(all.begin(), all.end(), 0);
  return all;
}

std::vector<std::string> selected(const std::vector<std::string>& patterns,
                                  const std::vector<RuleIndex>& rules) {
  std::vector<std::string> out;
  for (const RuleIndex rule : rules) out.push_back(patterns[rule]);
  return out;
}

}  // namespace

std::shared_ptr<const RuleSet> RuleSet::compile(std::span<const Pack> packs,
                                                std::span<const std::string> disable,
                                                std::int64_t automaton_bytes) {
  std::vector<RefusedRule> refused;
  Selection selection(refused);
  for (const Pack& pack : packs) selection.add(pack);
  for (const std::string& id : disable) selection.switch_off(id, {});
  std::vector<Outcome> outcomes(selection.rules().size());
  const CostProbe cost;
  in_parallel(outcomes.size(),
              [&](std::size_t i) { outcomes[i] = outcome_of(selection.rules()[i], cost); });
  std::vector<Rule> rules;
  std::vector<CompiledRule> compiled;
  for (Outcome& outcome : outcomes) {
    std::move(outcome.refused.begin(), outcome.refused.end(), std::back_inserter(refused));
    if (!outcome.compiled) continue;
    rules.push_back(*outcome.rule);
    compiled.push_back(std::move(*outcome.compiled));
  }
  return std::shared_ptr<const RuleSet>(new RuleSet(std::make_unique<Impl>(
      std::move(rules), std::move(compiled), std::move(refused), automaton_bytes)));
}

RuleGroup::RuleGroup(const std::vector<std::string>& patterns, std::vector<RuleIndex> members,
                     std::int64_t automaton_bytes)
    : rules(std::move(members)), set(selected(patterns, rules), automaton_bytes) {}

RuleSet::Impl::Impl(std::vector<Rule> the_rules, std::vector<CompiledRule> the_compiled,
                    std::vector<RefusedRule> the_refused, std::int64_t automaton_bytes)
    : rules(std::move(the_rules)),
      compiled(std::move(the_compiled)),
      refused(std::move(the_refused)),
      plan(patterns_of(rules)),
      gate(plan.texts, plan.bytes),
      all(patterns_of(rules), everything(rules.size()), automaton_bytes),
      textless(patterns_of(rules), plan.textless, automaton_bytes) {}

RuleSet::RuleSet(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
RuleSet::~RuleSet() = default;

std::span<const Rule> RuleSet::rules() const { return impl_->rules; }
std::span<const RefusedRule> RuleSet::refused() const { return impl_->refused; }
std::chrono::nanoseconds RuleSet::cost_alone(RuleIndex rule) const {
  return impl_->compiled[rule].line;
}

}  // namespace lastgasp
