// What lines are looked through for, given all rules. Internal to this folder.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace lastgasp {

struct GatePlan {
  explicit GatePlan(const std::vector<std::string>& patterns);

  std::vector<std::string> texts;  // for a LineGate
  // For each text the numbers of the patterns that look for it, rising: a line matches none but
  // those of its texts, and those without.
  std::vector<std::vector<std::uint32_t>> patterns_of;
  std::string bytes;
  // Numbers of the patterns that a line without any of the texts can match: they need one of the
  // bytes or, `always`, nothing that could be looked for. Rising.
  std::vector<std::uint32_t> textless;
  bool always = false;
};

}  // namespace lastgasp
