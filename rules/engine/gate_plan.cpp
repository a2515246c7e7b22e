#include "rules/engine/gate_plan.h"

#include <map>
#include <set>
#include <utility>

#include "rules/engine/line_gate.h"
#include "rules/engine/line_needs.h"
#include "rules/engine/ordinary_text.h"

namespace lastgasp {

GatePlan::GatePlan(const std::vector<std::string>& patterns) {
  const LineNeedsFinder finder(ordinary_text());
  std::map<std::string, std::vector<std::uint32_t>> all_texts;
  std::set<char> all_bytes;
  for (std::uint32_t i = 0; i < patterns.size(); ++i) {
    const auto needs = finder.find(patterns[i]);
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
