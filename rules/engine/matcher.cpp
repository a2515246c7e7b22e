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
  std::vector<std::uint32_t> texts;   // of the gate, in the line
  std::vector<RuleIndex> candidates;  // rising
  std::vector<int> ids;
  std::vector<re2::StringPiece> groups;  // of one rule's match
  std::vector<Capture> captures;         // of all hits
  std::vector<RuleHit> hits;
  std::uint64_t unsure = 0;

  void choose(const RuleSet::Impl& set, std::string_view line);
  void add_matching(const RuleGroup& group, std::string_view line);
  void try_rule(const RuleSet::Impl& set, RuleIndex index, std::string_view line,
                std::string_view platform);
  void attach_captures();
};

// The rules that look for a text of the line are mostly one or two: then they are tried by
// themselves, which costs less than all at once.
void Matcher::Impl::choose(const RuleSet::Impl& set, std::string_view line) {
  constexpr std::size_t kFew = 6;
  candidates.clear();
  set.gate.find_texts(line, texts);
  for (const std::uint32_t text : texts) {
    const auto& patterns = set.plan.patterns_of[text];
    candidates.insert(candidates.end(), patterns.begin(), patterns.end());
  }
  if (candidates.size() > kFew) {
    candidates.clear();
    return add_matching(set.all, line);
  }
  if (set.plan.always || set.gate.has_byte(line)) add_matching(set.textless, line);
  std::sort(candidates.begin(), candidates.end());
  candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
}

void Matcher::Impl::add_matching(const RuleGroup& group, std::string_view line) {
  switch (group.set.find(line, ids)) {
    case LineSet::Answer::none:
      break;
    case LineSet::Answer::some:
      for (const int id : ids) candidates.push_back(group.rules[static_cast<std::size_t>(id)]);
      break;
    case LineSet::Answer::unsure:
      ++unsure;
      candidates.insert(candidates.end(), group.rules.begin(), group.rules.end());
      break;
  }
}

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
  impl_->candidates.reserve(2 * set.rules.size());
  impl_->rules = std::move(rules);
}

Matcher::~Matcher() = default;

std::span<const RuleHit> Matcher::match(std::string_view line, std::string_view platform) {
  Impl& my = *impl_;
  line = without_logger_stamp(line);
  const RuleSet::Impl& set = *my.rules->impl_;
  my.choose(set, line);
  if (my.candidates.empty()) return {};
  my.hits.clear();
  my.captures.clear();
  for (const RuleIndex rule : my.candidates) my.try_rule(set, rule, line, platform);
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
