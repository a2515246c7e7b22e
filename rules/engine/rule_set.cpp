#include "rules/engine/rule_set.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "rules/engine/cost.h"
#include "rules/engine/rule_set_impl.h"

namespace lastgasp {
namespace {

struct ActiveRule {
  const Rule* rule = nullptr;  // null: switched off
  const Pack* pack = nullptr;
};

// Which rules are on, before any is compiled.
class Selection {
 public:
  explicit Selection(std::vector<RefusedRule>& refused) : refused_(refused) {}

  void add(const Pack& pack) {
    for (const std::string& id : pack.disable) switch_off(id, pack.file);
    std::unordered_set<std::string_view> own;
    for (const Rule& rule : pack.rules) {
      if (own.insert(rule.id).second) {
        put({&rule, &pack});
      } else {
        refused_.push_back({rule.id, pack.file, rule.line, "its id is used twice in this pack"});
      }
    }
  }

  void switch_off(const std::string& id, const std::string& file) {
    const auto found = by_id_.find(id);
    if (found == by_id_.end()) {
      refused_.push_back({id, file, 0, "disable: there is no rule of this id to switch off"});
      return;
    }
    active_[found->second].rule = nullptr;
  }

  const std::vector<ActiveRule>& rules() const { return active_; }

 private:
  void put(ActiveRule rule) {
    const auto [found, is_new] = by_id_.try_emplace(rule.rule->id, active_.size());
    if (is_new) {
      active_.push_back(rule);
    } else {
      active_[found->second] = rule;
    }
  }

  std::vector<ActiveRule> active_;
  std::unordered_map<std::string_view, std::size_t> by_id_;
  std::vector<RefusedRule>& refused_;
};

CompiledRule compile_rule(const Rule& rule, const CostProbe& cost) {
  CompiledRule compiled{Expression(rule.match), std::nullopt};
  if (!rule.unless.empty()) compiled.unless.emplace(rule.unless);
  const std::string problem = cost.problem(rule.match, compiled.match);
  if (!problem.empty()) throw Error(problem);
  return compiled;
}

}  // namespace

std::shared_ptr<const RuleSet> RuleSet::compile(std::span<const Pack> packs,
                                                std::span<const std::string> disable,
                                                std::int64_t automaton_bytes) {
  std::vector<Rule> rules;
  std::vector<CompiledRule> compiled;
  std::vector<RefusedRule> refused;
  std::vector<std::string> patterns;
  const CostProbe cost;
  Selection selection(refused);
  for (const Pack& pack : packs) selection.add(pack);
  for (const std::string& id : disable) selection.switch_off(id, {});
  for (const auto& [rule, pack] : selection.rules()) {
    if (rule == nullptr) continue;
    try {
      compiled.push_back(compile_rule(*rule, cost));
      rules.push_back(*rule);
      patterns.push_back(rule->match);
    } catch (const Error& error) {
      refused.push_back({rule->id, pack->file, rule->line, error.what()});
    }
  }
  return std::shared_ptr<const RuleSet>(new RuleSet(
      std::make_unique<Impl>(Impl{std::move(rules), std::move(compiled), std::move(refused),
                                  LineSet(patterns, automaton_bytes)})));
}

RuleSet::RuleSet(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
RuleSet::~RuleSet() = default;

std::span<const Rule> RuleSet::rules() const { return impl_->rules; }
std::span<const RefusedRule> RuleSet::refused() const { return impl_->refused; }

}  // namespace lastgasp
