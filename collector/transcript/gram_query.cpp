#include "collector/transcript/gram_query.h"

#include <algorithm>

namespace lastgasp {

GramQuery::GramQuery(std::span<const std::string> texts, bool regex, bool ignore_case) {
  std::vector<GramHash> all;
  for (const std::string& text : texts) {
    if (regex) {
      if (narrow_by(text, ignore_case)) return;
      continue;
    }
    const std::vector<GramHash> grams = gram_hashes(text);
    all.insert(all.end(), grams.begin(), grams.end());
  }
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  if (!all.empty()) pieces_.push_back(std::move(all));
}

bool GramQuery::narrow_by(const std::string& expression, bool ignore_case) {
  atoms_ = std::make_unique<RegexAtoms>(expression, ignore_case, kGramLength);
  for (const std::string& atom : atoms_->atoms()) pieces_.push_back(gram_hashes(atom));
  return narrows();
}

bool GramQuery::may_match(const std::vector<int>& pieces) const {
  return atoms_ ? atoms_->may_match(pieces) : !pieces.empty();
}

}  // namespace lastgasp
