#include "exporters/metrics/rule_totals.h"

#include <algorithm>
#include <set>
#include <utility>

namespace lastgasp {
namespace {

void add_shard(MatchTotals& totals, const MatchMetrics& shard) {
  for (std::size_t i = 0; i < shard.rules.size(); ++i) {
    RuleUse& use = totals.rules[shard.rules[i]];
    use.matches += shard.rule_matches[i].load(std::memory_order_relaxed);
    use.last =
        std::max(use.last, from_unix_micros(shard.rule_last_us[i].load(std::memory_order_relaxed)));
  }
  totals.lines += shard.lines.load(std::memory_order_relaxed);
  totals.scan_nanos += shard.scan_nanos.load(std::memory_order_relaxed);
  totals.skipped_overlong_lines += shard.skipped_overlong_lines.load(std::memory_order_relaxed);
}

}  // namespace

void RuleTotals::replace(std::vector<std::shared_ptr<MatchMetrics>> shards) {
  for (auto& shard : shards_) {
    bool stays = false;
    for (const auto& next : shards) stays = stays || next == shard;
    if (!stays) retiring_.push_back(std::move(shard));
  }
  shards_ = std::move(shards);
  std::erase_if(retiring_, [this](const std::shared_ptr<MatchMetrics>& shard) {
    if (shard.use_count() > 1) return false;
    add_shard(past_, *shard);
    return true;
  });
  std::set<std::string> live;
  for (const auto& shard : shards_) live.insert(shard->rules.begin(), shard->rules.end());
  std::erase_if(past_.rules, [&](const auto& entry) { return !live.count(entry.first); });
}

MatchTotals RuleTotals::totals() const {
  MatchTotals sum = past_;
  for (const auto& shard : retiring_) add_shard(sum, *shard);
  std::set<std::string> live;
  for (const auto& shard : shards_) {
    add_shard(sum, *shard);
    live.insert(shard->rules.begin(), shard->rules.end());
  }
  std::erase_if(sum.rules, [&](const auto& entry) { return !live.count(entry.first); });
  return sum;
}

void RuleTotals::send(const FamilySink& sink) const {
  const MatchTotals sum = totals();
  auto matches = counter("rule_matches_total", "Lines that the rule matched, on all consoles.");
  for (const auto& [rule, use] : sum.rules)
    add(matches, static_cast<double>(use.matches), {{"rule", label_value(rule)}});
  if (!matches.metric.empty()) sink(std::move(matches));
  auto scan = counter("rule_scan_seconds_total", "Time spent matching lines against the rules.");
  add(scan, static_cast<double>(sum.scan_nanos) / 1e9);
  sink(std::move(scan));
  auto skipped =
      counter("rule_skipped_lines_total", "Lines not scanned, or not in full, by reason.");
  add(skipped, static_cast<double>(sum.skipped_overlong_lines), {{"reason", "overlong"}});
  sink(std::move(skipped));
}

}  // namespace lastgasp
