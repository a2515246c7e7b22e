#include "rules/engine/gate_plan.h"

#include <map>
#include <optional>
#include <set>
#include <utility>

#include "rules/engine/in_parallel.h"
#include "rules/engine/line_gate.h"
#include "rules/engine/line_needs.h"
#include "rules/engine/ordinary_text.h"

namespace lastgasp {

GatePlan::GatePlan(const std::vector<std::string>& patterns) {
  const LineNeedsFinder finder(ordinary_text());
  std::vector<std::optional<LineNeeds>> needs_of(patterns.size());
  in_parallel(patterns.size(), [&](std::size_t i) { needs_of[i] = finder.find(patterns[i]); });
  std::map<std::string, std::vector<std::uint32_t>> all_texts;
  std::set<char> all_bytes;
  for (std::uint32_t i = 0; i < patterns.size(); ++i) {
    const std::optional<LineNeeds>& needs = needs_of[i];
    if (needs)
      for (const std::string& text : needs->texts) all_texts[text].push_back(i);
    if (needs && needs->bytes.empty()) continue;
    textless.push_back(i);
    if (needs) all_bytes.insert(needs->bytes.begin(), needs->bytes.end());
    always = always || !needs;
  }
  always = always || all_bytes.size() > LineGate::kMostBytes;
  for (auto& [text, its_patterns] : all_texts) {
    texts.push_back(text);
    patterns_of.push_back(std::move(its_patterns));
  }
  if (!always) bytes.assign(all_bytes.begin(), all_bytes.end());
}

}  // namespace lastgasp
