#include "collector/transcript/gram_query.h"

#include <re2/filtered_re2.h>
#include <re2/re2.h>

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
  re2::RE2::Options options(re2::RE2::Latin1);
  options.set_case_sensitive(!ignore_case);
  options.set_log_errors(false);
  expression_ = std::make_unique<re2::FilteredRE2>(static_cast<int>(kGramLength));
  int id = 0;
  if (expression_->Add(expression, options, &id) != re2::RE2::NoError) return false;
  std::vector<std::string> atoms;
  expression_->Compile(&atoms);
  std::vector<int> unconditional;
  expression_->AllPotentials({}, &unconditional);
  if (!unconditional.empty()) return false;
  for (const std::string& atom : atoms) pieces_.push_back(gram_hashes(atom));
  return narrows();
}

GramQuery::~GramQuery() = default;

bool GramQuery::may_match(const std::vector<int>& pieces) const {
  if (!expression_) return !pieces.empty();
  std::vector<int> potentials;
  expression_->AllPotentials(pieces, &potentials);
  return !potentials.empty();
}

}  // namespace lastgasp
