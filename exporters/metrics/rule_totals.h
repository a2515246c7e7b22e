// Private to this folder: sums the shards' match counters so that they outlive a reload.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "exporters/metrics/families.h"
#include "exporters/metrics/metrics.h"

namespace lastgasp {

// Not synchronised: Metrics holds its lock around every call.
class RuleTotals {
 public:
  void replace(std::vector<std::shared_ptr<MatchMetrics>> shards);
  void send(const FamilySink& sink) const;

 private:
  struct Sum {
    std::map<std::string, std::uint64_t> matches;  // by rule
    std::uint64_t scan_nanos = 0, skipped_overlong_lines = 0;
    void add(const MatchMetrics& shard);
  };

  std::vector<std::shared_ptr<MatchMetrics>> shards_;
  // Replaced, but a shard may not have swapped yet and still counts in them.
  std::vector<std::shared_ptr<MatchMetrics>> retiring_;
  Sum past_;  // of those that nobody else holds any more
};

}  // namespace lastgasp
