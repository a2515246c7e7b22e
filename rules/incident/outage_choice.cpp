#include "rules/incident/outage_choice.h"

#include <queue>
#include <tuple>

namespace lastgasp {
namespace {

struct Ranked {
  std::int64_t score = 0;
  const OutageTally* group = nullptr;

  // Of two that explain as much: the one with more out, then the one that is wholly out, then the
  // order of the configuration.
  auto key() const {
    return std::tuple(score, group->out.size(), -static_cast<std::int64_t>(group->total),
                      -static_cast<std::int64_t>(group->rank), group->group->name);
  }
  bool operator<(const Ranked& other) const { return key() < other.key(); }
};

}  // namespace

OutageChoice::OutageChoice(std::span<const std::uint32_t> part_of,
                           std::span<const std::size_t> sizes)
    : part_of_(part_of),
      sizes_(sizes),
      taken_(part_of.size()),
      incident_taken_(sizes.size()),
      wanted_(part_of.size()) {}

std::vector<std::uint32_t> OutageChoice::absorbed_by(const OutageTally& group) const {
  std::unordered_map<std::uint32_t, std::size_t> shares;
  for (const std::uint32_t i : group.out) {
    if (part_of_[i] != kNone) {
      ++shares[part_of_[i]];
    }
  }
  std::vector<std::uint32_t> absorbed;
  for (const auto& [incident, share] : shares) {
    if (share == sizes_[incident] && !incident_taken_[incident]) {
      absorbed.push_back(incident);
    }
  }
  return absorbed;
}

std::int64_t OutageChoice::score(const OutageTally& group) const {
  std::size_t explained = 0;
  for (const std::uint32_t i : group.out) {
    explained += part_of_[i] == kNone && !taken_[i];
  }
  if (explained < kLeast) {
    return -1;
  }
  for (const std::uint32_t incident : absorbed_by(group)) {
    explained += sizes_[incident];
  }
  return static_cast<std::int64_t>(explained) -
         static_cast<std::int64_t>(group.total - group.out.size());
}

bool OutageChoice::competes(const OutageTally& group) const {
  for (const std::uint32_t i : group.out) {
    if (wanted_[i] && !taken_[i]) {
      return true;
    }
  }
  return false;
}

void OutageChoice::take(const Chosen& chosen) {
  for (const std::uint32_t incident : chosen.absorbed) {
    incident_taken_[incident] = true;
  }
  for (const std::uint32_t i : chosen.group->out) {
    taken_[i] = true;
  }
}

std::vector<OutageChoice::Chosen> OutageChoice::choose(
    const std::vector<const OutageTally*>& candidates) {
  std::priority_queue<Ranked> best;
  for (const OutageTally* group : candidates) {
    best.push({score(*group), group});
    if (group->settled) {
      for (const std::uint32_t i : group->out) {
        wanted_[i] = true;
      }
    }
  }
  std::vector<Chosen> chosen;
  while (!best.empty()) {
    Ranked top = best.top();
    best.pop();
    const std::int64_t now = score(*top.group);  // less than it was when others took a part
    if (now < 0) {
      continue;
    }
    if (now < top.score) {
      best.push({now, top.group});
      continue;
    }
    if (competes(*top.group)) {
      chosen.push_back({top.group, absorbed_by(*top.group)});
      take(chosen.back());
    }
  }
  return chosen;
}

}  // namespace lastgasp
