// Private to this folder: sums the shards' match counters so that they outlive a reload.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "exporters/metrics/families.h"
#include "exporters/metrics/metrics.h"

namespace lastgasp {

// Not synchronised: Metrics holds its lock around every call.
class RuleTotals {
 public:
  void replace(std::vector<std::shared_ptr<MatchMetrics>> shards);
  // Of the rules in force, those without a match too.
  MatchTotals totals() const;
  void send(const FamilySink& sink) const;

 private:
  std::vector<std::shared_ptr<MatchMetrics>> shards_;
  // Replaced, but a shard may not have swapped yet and still counts in them.
  std::vector<std::shared_ptr<MatchMetrics>> retiring_;
  MatchTotals past_;  // of those that nobody else holds any more
};

}  // namespace lastgasp
