#include "rules/redaction/redaction_set.h"

#include <algorithm>
#include <map>
#include <utility>

#include "collector/core/error.h"
#include "rules/engine/logger_stamp.h"

namespace lastgasp {
namespace {

// Of all expressions together, of which it takes what traffic makes it build.
constexpr std::int64_t kAutomatonBytes = 4 << 20;

// All of a line's secrets by one expression, in what stands behind `stamp` bytes: it goes on behind
// each that it found.
void find_all(const Expression& match, int group, const RedactionRule* rule, std::string_view line,
              std::size_t stamp, std::vector<Secret>& secrets) {
  const std::string_view text = line.substr(stamp);
  for (std::size_t from = 0; from <= text.size();) {
    const auto place = match.find(text, from, group);
    if (!place) return;
    if (place->group_end > place->group_begin)
      secrets.push_back({stamp + place->group_begin, stamp + place->group_end, rule});
    from = std::max(from + 1, place->group_end > from ? place->group_end : place->end);
  }
}

int secret_of(const Expression& match) { return match.group_named("secret"); }

std::size_t stamp_of(std::string_view line) {
  return line.size() - without_logger_stamp(line).size();
}

std::vector<std::string> keywords_of(const std::vector<const RedactionRule*>& rules) {
  std::vector<std::string> keywords;
  for (const RedactionRule* rule : rules)
    keywords.insert(keywords.end(), rule->keywords.begin(), rule->keywords.end());
  return keywords;
}

std::vector<std::string> expressions_of(const std::vector<const RedactionRule*>& rules) {
  std::vector<std::string> expressions;
  for (const RedactionRule* rule : rules) expressions.push_back(rule->match);
  return expressions;
}

using ById = std::map<std::string, const RedactionRule*>;

void switch_off(ById& rules, std::span<const std::string> ids, const std::string& where) {
  for (const std::string& id : ids)
    if (rules.erase(id) == 0)
      throw Error(where + " switches off the redaction rule " + id + ", which does not exist");
}

}  // namespace

bool RedactionBlock::find(std::string_view line, std::vector<Secret>& secrets) const {
  const std::size_t stamp = stamp_of(line);
  if (!lines.matches(line.substr(stamp))) return false;
  find_all(lines, secret_of(lines), rule, line, stamp, secrets);
  return true;
}

std::shared_ptr<const RedactionSet> RedactionSet::compile(std::span<const RedactionPack> packs,
                                                          std::span<const std::string> disable) {
  ById by_id;
  for (const RedactionPack& pack : packs) {
    switch_off(by_id, pack.disable, pack.file);
    for (const RedactionRule& rule : pack.rules) by_id[rule.id] = &rule;
  }
  switch_off(by_id, disable, "redaction.disable");
  std::vector<const RedactionRule*> rules;
  for (const auto& [id, rule] : by_id) rules.push_back(rule);
  return std::shared_ptr<const RedactionSet>(new RedactionSet(rules));
}

RedactionSet::Compiled RedactionSet::compiled(const RedactionRule& rule) {
  Expression match(rule.match);
  const int secret = secret_of(match);
  return {rule, std::move(match), secret, nullptr};
}

RedactionSet::RedactionSet(const std::vector<const RedactionRule*>& rules)
    : keywords_(keywords_of(rules)), all_(expressions_of(rules), kAutomatonBytes) {
  rules_.reserve(rules.size());  // blocks and secrets point at the rules
  for (const RedactionRule* rule : rules) {
    rule_of_keyword_.insert(rule_of_keyword_.end(), rule->keywords.size(),
                            static_cast<int>(rules_.size()));
    Compiled& added = rules_.emplace_back(compiled(*rule));
    if (!rule->block.empty())
      added.block.reset(new RedactionBlock{&added.rule, Expression(rule->block)});
  }
}

// A keyword such as "password" belongs to many rules, of which hardly one matches: all at once cost
// less than a few one after the other.
void RedactionSet::keep_matching(std::string_view text, RedactionFinding& finding) const {
  constexpr std::size_t kFew = 2;
  auto& numbers = finding.numbers;
  if (numbers.size() <= kFew) return;
  switch (all_.find(text, finding.matching)) {
    case LineSet::Answer::none:
      numbers.clear();
      break;
    case LineSet::Answer::some:
      std::erase_if(numbers, [&](int number) {
        return !std::binary_search(finding.matching.begin(), finding.matching.end(), number);
      });
      break;
    case LineSet::Answer::unsure:
      break;
  }
}

void RedactionSet::find(std::string_view line, std::string_view platform,
                        RedactionFinding& finding) const {
  finding.secrets.clear();
  finding.begins = nullptr;
  auto& numbers = finding.numbers;
  numbers.clear();
  keywords_.all(line, numbers);
  for (int& number : numbers) number = rule_of_keyword_[static_cast<std::size_t>(number)];
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  const std::size_t stamp = stamp_of(line);
  keep_matching(line.substr(stamp), finding);
  for (const int number : numbers) {
    const Compiled& tried = rules_[static_cast<std::size_t>(number)];
    if (!applies(tried.rule, platform)) continue;
    find_all(tried.match, tried.secret, &tried.rule, line, stamp, finding.secrets);
    if (tried.block && tried.match.matches(line.substr(stamp))) finding.begins = tried.block.get();
  }
}

}  // namespace lastgasp
