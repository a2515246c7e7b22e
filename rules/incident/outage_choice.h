// Which groups explain best what is out. Internal to this folder; pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "rules/incident/outage.h"

namespace lastgasp {

// A group at one moment.
struct OutageTally {
  const OutageGroup* group = nullptr;
  std::size_t rank = 0;            // its place in the lists of its consoles
  std::size_t total = 0;           // its consoles
  std::vector<std::uint32_t> out;  // those that are out, as indexes into a list of such
  bool settled = false;            // it could have been chosen for long enough
};

class OutageChoice {
 public:
  struct Chosen {
    const OutageTally* group = nullptr;
    std::vector<std::uint32_t> absorbed;  // open incidents of which it has all that is out
  };

  static constexpr std::size_t kLeast = 3;  // consoles

  // `part_of`: of each console that is out the open incident it is part of, or kNone. `sizes`: of
  // each open incident how many consoles are out. Both outlive the choice.
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};
  OutageChoice(std::span<const std::uint32_t> part_of, std::span<const std::size_t> sizes);

  // What it would explain less its consoles that are alive and speak against it. Below 0 when that
  // is fewer than kLeast which no open incident holds.
  std::int64_t score(const OutageTally& group) const;
  // Those of `candidates` to open, best first. One that has not settled is opened only when it
  // competes with one that has. What one explains is not explained twice.
  std::vector<Chosen> choose(const std::vector<const OutageTally*>& candidates);

 private:
  std::vector<std::uint32_t> absorbed_by(const OutageTally& group) const;
  bool competes(const OutageTally& group) const;
  void take(const Chosen& chosen);

  std::span<const std::uint32_t> part_of_;
  std::span<const std::size_t> sizes_;
  std::vector<bool> taken_;           // consoles that a chosen group explains
  std::vector<bool> incident_taken_;  // open incidents that one absorbs
  std::vector<bool> wanted_;          // consoles of groups that have settled
};

}  // namespace lastgasp
