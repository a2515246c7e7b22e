#include <algorithm>

#include "rules/engine/logger_stamp.h"
#include "rules/engine/re2_options.h"
#include "rules/engine/rule_set_impl.h"

namespace lastgasp {
std::string_view RuleHit::capture(std::string_view name) const {
  for (const Capture& c : captures) {
    if (c.name == name) return c.value;
  }
  return {};
}

struct Matcher::Impl {
  std::shared_ptr<const RuleSet> rules;
  std::vector<int> ids;
  std::vector<re2::StringPiece> groups;  // of one rule's match
  std::vector<Capture> captures;         // of all hits
  std::vector<RuleHit> hits;
  std::uint64_t unsure = 0;

  void try_rule(const RuleSet::Impl& set, RuleIndex index, std::string_view line,
                std::string_view platform);
  void attach_captures();
};

void Matcher::Impl::try_rule(const RuleSet::Impl& set, RuleIndex index, std::string_view line,
                             std::string_view platform) {
  const Rule& rule = set.rules[index];
  if (!applies(rule, platform)) return;
  const CompiledRule& compiled = set.compiled[index];
  const re2::RE2& match = compiled.match.compiled();
  if (!match.Match(piece(line), 0, line.size(), re2::RE2::UNANCHORED, groups.data(),
                   compiled.match.group_count())) {
    return;
  }
  if (compiled.unless && compiled.unless->matches(line)) return;
  for (const auto& [number, name] : compiled.match.names()) {
    const re2::StringPiece& value = groups[static_cast<std::size_t>(number)];
    captures.push_back({name, {value.data(), value.size()}});
  }
  hits.push_back({index, &rule, {}});
}

// Only now, since `captures` moves while it grows.
void Matcher::Impl::attach_captures() {
  const RuleSet::Impl& set = *rules->impl_;
  std::span<const Capture> rest = captures;
  for (RuleHit& hit : hits) {
    const std::size_t count = set.compiled[hit.index].match.names().size();
    hit.captures = rest.first(count);
    rest = rest.subspan(count);
  }
}

Matcher::Matcher(std::shared_ptr<const RuleSet> rules) : impl_(std::make_unique<Impl>()) {
  const RuleSet::Impl& set = *rules->impl_;
  int most_groups = 0;
  for (const CompiledRule& rule : set.compiled) {
    most_groups = std::max(most_groups, rule.match.group_count());
  }
  impl_->groups.resize(static_cast<std::size_t>(most_groups));
  impl_->ids.reserve(set.rules.size());
  impl_->rules = std::move(rules);
}

Matcher::~Matcher() = default;

std::span<const RuleHit> Matcher::match(std::string_view line, std::string_view platform) {
  Impl& my = *impl_;
  line = without_logger_stamp(line);
  const RuleSet::Impl& set = *my.rules->impl_;
  const RuleGroup* group = set.group_for(line);
  if (!group) return {};
  my.hits.clear();
  const LineSet::Answer answer = group->set.find(line, my.ids);
  if (answer == LineSet::Answer::none) return {};
  my.captures.clear();
  if (answer == LineSet::Answer::some) {
    for (const int id : my.ids)
      my.try_rule(set, group->rules[static_cast<std::size_t>(id)], line, platform);
  } else {
    ++my.unsure;
    for (const RuleIndex rule : group->rules) my.try_rule(set, rule, line, platform);
  }
  my.attach_captures();
  return my.hits;
}

std::vector<WithheldRule> Matcher::withheld(std::string_view line,
                                            std::string_view platform) const {
  const RuleSet::Impl& set = *impl_->rules->impl_;
  line = without_logger_stamp(line);
  std::vector<int> ids;
  std::vector<WithheldRule> withheld;
  if (set.all.set.find(line, ids) == LineSet::Answer::none) return withheld;
  for (RuleIndex i = 0; i < set.rules.size(); ++i) {
    if (!set.compiled[i].match.matches(line)) continue;
    const Rule& rule = set.rules[i];
    const bool unless = set.compiled[i].unless && set.compiled[i].unless->matches(line);
    const bool elsewhere = !applies(rule, platform);
    if (elsewhere || unless) withheld.push_back({&rule, elsewhere, unless});
  }
  return withheld;
}

const RuleSet& Matcher::rules() const { return *impl_->rules; }

std::uint64_t Matcher::slow_lines() const { return impl_->unsure; }

}  // namespace lastgasp
